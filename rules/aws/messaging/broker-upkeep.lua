local values = lib "values"

-- The oldest versions with support.
local least = { activemq = { 5, 17 }, rabbitmq = { 3, 11 } }

return rule {
  id = "AWS-MSG-006", title = "Managed broker is unlogged, outdated or without its own key",
  severity = "low", category = "logging",
  aliases = { CKV_AWS_48 = "general", CKV_AWS_197 = "audit", CKV_AWS_207 = "upgrade", CKV_AWS_208 = "version",
    CKV_AWS_209 = "key", ["AVD-AWS-0070"] = "audit", ["AVD-AWS-0071"] = "general" },
  frameworks = { "NIST-800-53r5:AU-2", "PCI-DSS-4.0:10.2.1", "SOC2:CC7.2", "ISO27001-2022:A.8.15" },
  for_each = { "aws.mq.broker", "aws.mq.configuration" },
  where = function(e) return e.origin ~= "live" end,
  description = [[Logs show who connects and what fails; a broker out of support gets no fixes; a key of one's own can be
withdrawn.]],
  remediation = [[Set `general` and `audit` in `logs`, `auto_minor_version_upgrade = true`, a supported `engine_version`, and `kms_key_id` in
`encryption_options`.]],
  references = { "https://docs.aws.amazon.com/amazon-mq/latest/developer-guide/security-logging-monitoring.html" },
  check = function(e)
    local places = e.kind == "aws.mq.broker" and { "general", "audit", "upgrade", "version", "key" } or { "version" }
    local what = e.kind == "aws.mq.broker" and "broker " or "configuration "
    return each(places, function(place)
      if place == "general" and not e.logs.general then
        return fail("broker " .. e.name .. " writes no general log", { case = place, at = "logs.general" })
      elseif place == "audit" and lower(e.engine or "") ~= "rabbitmq" and not e.logs.audit then -- RabbitMQ has none
        return fail("broker " .. e.name .. " writes no audit log", { case = place, at = "logs.audit" })
      elseif place == "upgrade" and not e.auto_upgrade then
        return fail("broker " .. e.name .. " skips minor upgrades", { case = place, at = "auto_upgrade" })
      elseif place == "version" then
        local major, minor = match(e.version or "", "^([0-9]+)\\.([0-9]+)")
        local floor = least[lower(e.engine or "")]
        if not major or not floor then return end
        major, minor = tonumber(major), tonumber(minor)
        if major < floor[1] or (major == floor[1] and minor < floor[2]) then
          return fail("version " .. e.version .. " of " .. what .. e.name .. " is out of support", { case = place, at = "version" })
        end
      elseif place == "key" and not values.set(e, e.raw.encryption_options, "kms_key_id") then
        return fail("broker " .. e.name .. " has no key of its own", { case = place, at = "key" })
      end
    end)
  end,
  tests = {
    fail = { [[
resource "aws_mq_broker" "fire" {
  engine_type    = "ActiveMQ"
  engine_version = "5.15.0"
}]] },
    pass = { [[
resource "aws_mq_broker" "dont_fire" {
  engine_type                = "ActiveMQ"
  engine_version             = "5.18"
  auto_minor_version_upgrade = true
  logs {
    general = true
    audit   = true
  }
  encryption_options {
    kms_key_id        = "arn:aws:kms:eu-west-1:123456789012:key/k"
    use_aws_owned_key = false
  }
}]] },
    unknown = { [[
variable "v" {}
resource "aws_mq_broker" "a" {
  engine_type                = "RabbitMQ"
  engine_version             = var.v
  auto_minor_version_upgrade = true
  logs { general = true }
  encryption_options { kms_key_id = "arn:aws:kms:eu-west-1:123456789012:key/k" }
}]] },
  },
}
