return rule {
  id = "AWS-WAF-002", title = "Web ACL keeps no log",
  severity = "medium", category = "logging",
  version = 2, changes = { "judged on live answers too" },
  aliases = { CKV_AWS_176 = "classic", CKV2_AWS_31 = "acl" },
  frameworks = { "NIST-800-53r5:AU-2", "PCI-DSS-4.0:10.2.1", "SOC2:CC7.2", "ISO27001-2022:A.8.15" },
  for_each = { "aws.waf.acl", "aws.waf.classic_acl" },
  -- Classic ACLs are judged in code only: AWS ended WAF Classic on 30 September 2025, so no account answers for them.
  where = function(e) return e.origin ~= "live" or e.kind == "aws.waf.acl" end,
  description = [[Only the log shows what was turned away, and what was let through.]],
  remediation = [[Add an `aws_wafv2_web_acl_logging_configuration` with the ACL's ARN.]],
  references = { "https://docs.aws.amazon.com/waf/latest/developerguide/logging.html" },
  check = function(e)
    if e.kind == "aws.waf.classic_acl" then
      if #list(e.raw.logging_configuration) > 0 then return end
      return fail("web ACL " .. e.name .. " keeps no log", { case = "classic", at = e })
    end
    if e.origin == "live" and e.raw.LoggingConfiguration ~= nil or #e:satellites("logging") > 0 then return end
    return fail("web ACL " .. e.name .. " keeps no log", { case = "acl", at = e })
  end,
  tests = {
    fail = { [[resource "aws_wafv2_web_acl" "fire" { name = "fire" }]], [[
resource "aws_wafregional_web_acl" "fire" { name = "fire" }]], live [[
[{"type": "aws:wafv2:webacl", "name": "fire", "body": {"Name": "fire", "ARN": "arn:aws:wafv2:eu-west-1:1:regional/webacl/fire/1"}}]
]] },
    pass = { [[
resource "aws_wafv2_web_acl" "dont_fire" { name = "dont-fire" }
resource "aws_wafv2_web_acl_logging_configuration" "l" {
  resource_arn            = aws_wafv2_web_acl.dont_fire.arn
  log_destination_configs = ["arn:aws:s3:::aws-waf-logs-x"]
}
resource "aws_waf_web_acl" "dont_fire" {
  name = "dont-fire"
  logging_configuration { log_destination = "arn:aws:firehose:us-east-1:123456789012:deliverystream/aws-waf-logs-x" }
}]], live [[
[{"type": "aws:wafv2:webacl", "name": "dont_fire", "body": {"Name": "dont_fire", "LoggingConfiguration": {"LogDestinationConfigs": ["arn:aws:logs:eu-west-1:1:log-group:aws-waf-logs-a"]}}}]
]] },
    unknown = { [[
variable "arn" {}
resource "aws_wafv2_web_acl" "a" { name = "a" }
resource "aws_wafv2_web_acl_logging_configuration" "l" {
  resource_arn            = var.arn
  log_destination_configs = ["arn:aws:s3:::aws-waf-logs-x"]
}]], live [[
[{"type": "aws:wafv2:webacl", "name": "a", "body": {"Name": "a"}, "unknown": {"LoggingConfiguration": "AccessDenied"}}]
]] },
  },
}
