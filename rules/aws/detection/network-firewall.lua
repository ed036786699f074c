local values = lib "values"
local tags = lib "tags"

local function has_key(e)
  if e.origin == "live" then return e.key ~= nil and e.key ~= "AWS_OWNED_KMS_KEY" end
  return values.set(e, e.raw.encryption_configuration, "key_id")
end

local function logs(e)
  if e.origin == "live" then return list(e.logs) end
  local found = {}
  for _, one in ipairs(e:satellites("logging")) do
    for _, block in ipairs(list(one.raw.logging_configuration)) do
      for _, target in ipairs(list(block.log_destination_config)) do found[#found + 1] = target end
    end
  end
  return found
end

local function lacks_log(e)
  local kinds = {}
  for _, target in ipairs(logs(e)) do kinds[target.log_type or target.LogType] = true end
  if kinds.ALERT and kinds.FLOW then return nil end
  if next(kinds) == nil then return "keeps no logs" end
  return "keeps no " .. (kinds.ALERT and "flow" or "alert") .. " log"
end

local function firewall(e)
  local failures = {}
  if not e.protected then
    failures[1] = fail("firewall " .. e.name .. " can be deleted by mistake", { case = "deletion", at = "protected" })
  end
  if not has_key(e) then
    failures[#failures + 1] = fail("firewall " .. e.name .. " has no key of its own", { case = "key", at = e })
  end
  local lacks = lacks_log(e)
  if lacks then
    local case = lacks == "keeps no logs" and "logs" or "log-kinds"
    failures[#failures + 1] = fail("firewall " .. e.name .. " " .. lacks, { case = case, at = e })
  end
  return failures
end

-- Whether anything in the unit looks into the traffic of the network.
local function is_watched(vpc)
  for _, one in ipairs(graph.all("aws.networkfirewall.firewall")) do
    if vpc.origin == "live" then
      if one.network == vpc.raw.VpcId then return true end
    else
      local seen = false
      for _, target in ipairs(one:targets(one.raw.vpc_id)) do
        seen = true
        if target.address == vpc.address then return true end
      end
      if not seen and not known(one.network) then unknown("the network of a firewall is not known") end
    end
  end
  if #graph.all("aws.ec2.traffic_mirror") > 0 then return true end
  for _, detector in ipairs(graph.all("aws.guardduty.detector")) do
    if detector.enabled then return true end
  end
  return false
end

local cases = { ["aws.networkfirewall.policy"] = { "policy-key", "firewall policy " }, ["aws.networkfirewall.rule_group"] = { "key", "rule group " } }

return rule {
  id = "AWS-DET-005", title = "Production network has no logged and protected intrusion detection",
  severity = "medium", category = "network",
  version = 2, changes = { "an unknown setting hides no other failure" },
  aliases = { CKV_AWS_344 = "deletion", CKV_AWS_345 = "key", CKV_AWS_346 = "policy-key", CKV2_AWS_63 = "logs" },
  frameworks = { "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6", "ISO27001-2022:A.8.20" },
  for_each = { "aws.networkfirewall.firewall", "aws.networkfirewall.policy", "aws.networkfirewall.rule_group", "aws.vpc" },
  where = function(e) return e.kind ~= "aws.vpc" or tags.production(e) end,
  description = [[Traffic that nobody looks into hides who is already inside. A firewall that keeps no logs, or that one command removes, is
no proof either.]],
  remediation = [[Put an `aws_networkfirewall_firewall` with `delete_protection = true`, a key and an
`aws_networkfirewall_logging_configuration` for ALERT and FLOW into the network, or switch GuardDuty on.]],
  references = { "https://docs.aws.amazon.com/network-firewall/latest/developerguide/firewall-logging.html",
    "https://docs.aws.amazon.com/network-firewall/latest/developerguide/kms-encryption-at-rest.html" },
  -- CKV2_AWS_63 is content with any logging configuration: what that leaves out is a case of its own.
  -- Threat detection is switched on for an account, mostly in
  -- another stack: a network that nothing here watches is unknown in code.
  check = function(e)
    if e.kind == "aws.networkfirewall.firewall" then return firewall(e) end
    local case = cases[e.kind]
    if case then
      if has_key(e) then return end
      return fail(case[2] .. e.name .. " has no key of its own", { case = case[1], at = e })
    end
    if is_watched(e) then return end
    if e.origin ~= "live" then unknown("threat detection may be switched on in another stack") end
    return fail("nothing watches the traffic of production network " .. e.name, { case = "network", at = e })
  end,
  tests = {
    fail = { [[resource "aws_networkfirewall_firewall" "fire" { name = "fire" }]], [[
variable "keys" {}
resource "aws_networkfirewall_firewall" "fire" {
  name              = "fire"
  delete_protection = false
  dynamic "encryption_configuration" { # what is unknown here does not take the failure back
    for_each = var.keys
    content { type = "CUSTOMER_KMS" }
  }
}]], [[
resource "aws_networkfirewall_firewall_policy" "fire" { name = "fire" }]], [[
resource "aws_networkfirewall_rule_group" "fire" { name = "fire" }]], live [[
[{"type": "aws:ec2:vpc", "name": "fire", "body": {"VpcId": "vpc-1", "Tags": [{"Key": "environment", "Value": "prod"}]}},
 {"type": "aws:network-firewall:firewall", "name": "fire", "body": {"FirewallName": "f", "VpcId": "vpc-2", "DeleteProtection": true,
  "EncryptionConfiguration": {"KeyId": "arn:k", "Type": "CUSTOMER_KMS"},
  "LoggingConfiguration": {"LogDestinationConfigs": [{"LogType": "ALERT"}]}}}]
]] },
    pass = { [[
resource "aws_kms_key" "k" {}
resource "aws_vpc" "dont_fire" { tags = { environment = "prod" } }
resource "aws_networkfirewall_firewall" "dont_fire" {
  name              = "dont-fire"
  vpc_id            = aws_vpc.dont_fire.id
  delete_protection = true
  encryption_configuration {
    key_id = aws_kms_key.k.arn
    type   = "CUSTOMER_KMS"
  }
}
resource "aws_networkfirewall_logging_configuration" "l" {
  firewall_arn = aws_networkfirewall_firewall.dont_fire.arn
  logging_configuration {
    log_destination_config { log_type = "ALERT" }
    log_destination_config { log_type = "FLOW" }
  }
}]], live [[
[{"type": "aws:ec2:vpc", "name": "dont_fire", "body": {"VpcId": "vpc-1", "Tags": [{"Key": "environment", "Value": "prod"}]}},
 {"type": "aws:guardduty:detector", "name": "d", "body": {"DetectorId": "d", "Status": "ENABLED"}}]
]] },
    unknown = { [[resource "aws_vpc" "a" { tags = { environment = "prod" } }]], [[
variable "k" {}
resource "aws_networkfirewall_rule_group" "a" {
  encryption_configuration {
    key_id = var.k
    type   = "CUSTOMER_KMS"
  }
}]] },
  },
}
