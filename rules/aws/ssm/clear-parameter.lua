local secrets = lib "secrets"
local values = lib "values"

return rule {
  id = "AWS-SSM-003", title = "Sensitive parameter is stored in clear",
  severity = "high", category = "secrets",
  version = 2, changes = { "what is a credential is decided as by SEC-001 to SEC-012" },
  aliases = { CKV_AWS_337 = "key", CKV_AWS_384 = "value", CKV2_AWS_34 = "name" },
  frameworks = { "NIST-800-53r5:IA-5", "PCI-DSS-4.0:8.6.2", "SOC2:CC6.1", "ISO27001-2022:A.5.17" },
  for_each = "aws.ssm.parameter",
  where = function(e) return e.origin ~= "live" end,
  description = [[A String can be read by everyone who may read parameters; a SecureString needs a right on its key too.]],
  remediation = [[Set `type = "SecureString"` and `key_id`.]],
  references = { "https://docs.aws.amazon.com/systems-manager/latest/userguide/secure-string-parameter-kms-encryption.html" },
  check = function(e)
    if e.raw.type == "SecureString" then
      if values.set(e, e.raw, "key_id") then return end
      return fail("parameter " .. e.name .. " has no key of its own", { case = "key", at = e, severity = "medium" })
    end
    if known(e.raw.value) and e.raw.value ~= nil and secrets.kind(tostring(e.raw.value)) then
      return fail("parameter " .. e.name .. " holds " .. secrets.kind(tostring(e.raw.value)) .. " in clear", { case = "value", at = e })
    end
    if e.raw.name ~= nil and secrets.named(match(e.raw.name, "([^/]*)$") or e.raw.name) then
      return fail("parameter " .. e.raw.name .. " is stored in clear", { case = "name", at = e })
    end
  end,
  tests = {
    fail = { [[
resource "aws_ssm_parameter" "fire" {
  name  = "/app/db/password"
  type  = "String"
  value = "hunter2"
}]], [[
resource "aws_ssm_parameter" "fire" {
  name  = "/app/db/password"
  type  = "SecureString"
  value = "x"
}]] },
    pass = { [[
resource "aws_ssm_parameter" "dont_fire" {
  name  = "/app/log/level"
  type  = "String"
  value = "info"
}
resource "aws_ssm_parameter" "dont_fire_secure" {
  name   = "/app/db/password"
  type   = "SecureString"
  key_id = "alias/own"
  value  = "x"
}]] },
    unknown = { [[
variable "t" {}
resource "aws_ssm_parameter" "a" {
  name  = "/app/db/password"
  type  = var.t
  value = "x"
}]] },
  },
}
