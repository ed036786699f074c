return rule {
  id = "AWS-CW-001", title = "Log group keeps logs too short or for ever",
  severity = "medium", category = "logging",
  aliases = { CKV_AWS_66 = "unset", CKV_AWS_338 = "short" },
  frameworks = { "NIST-800-53r5:AU-11", "PCI-DSS-4.0:10.5.1", "SOC2:CC7.2", "ISO27001-2022:A.8.15" },
  for_each = "aws.cloudwatch.log_group",
  description = [[Logs kept too short are gone before an intrusion is found; logs kept for ever cost for ever, and break rules on
personal data. The parameter `retention_days` sets the least, a year unless told otherwise.]],
  remediation = [[Set `retention_in_days`, to 365 or more for what an audit needs.]],
  references = { "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html" },
  check = function(e)
    local days = e.days
    if days == nil then return fail("log group " .. e.name .. " sets no retention: its logs are kept for ever", { case = "unset", at = "days" }) end
    if days == 0 then return fail("log group " .. e.name .. " keeps its logs for ever", { case = "for-ever", at = "days", severity = "low" }) end
    if days < param("retention_days", 365) then
      return fail("log group " .. e.name .. " keeps its logs for " .. math.tointeger(days) .. " days", { case = "short", at = "days" })
    end
  end,
  fix = set("days", 365),
  tests = {
    fail = { live [[
[{"type": "aws:logs:log-group", "name": "fire", "body": {"retentionInDays": 7}}]
]], [[resource "aws_cloudwatch_log_group" "fire" { name = "fire" }]], [[
resource "aws_cloudwatch_log_group" "fire" { retention_in_days = 30 }]] },
    pass = { live [[
[{"type": "aws:logs:log-group", "name": "dont_fire", "body": {"retentionInDays": 365}}]
]], [[resource "aws_cloudwatch_log_group" "dont_fire" { retention_in_days = 365 }]], [[
# parameters: {"retention_days": 30}
resource "aws_cloudwatch_log_group" "dont_fire" { retention_in_days = 30 }]] },
    unknown = { [[
variable "d" { type = number }
resource "aws_cloudwatch_log_group" "a" { retention_in_days = var.d }]] },
  },
}
