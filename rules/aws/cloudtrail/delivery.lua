local values = lib "values"

return rule {
  id = "AWS-TRAIL-004", title = "Trail reaches neither log group nor topic",
  severity = "low", category = "logging",
  aliases = { CKV_AWS_252 = "topic", CKV2_AWS_10 = "group", ["AVD-AWS-0162"] = "group" },
  frameworks = { "NIST-800-53r5:AU-2", "PCI-DSS-4.0:10.2.1", "SOC2:CC7.2", "ISO27001-2022:A.8.15" },
  for_each = "aws.cloudtrail.trail",
  where = function(e) return e.origin ~= "live" end,
  description = [[Files in a bucket are read after the fact; a log group can raise alarms, a topic can start programs.]],
  remediation = [[Set `cloud_watch_logs_group_arn` with its role, and `sns_topic_name`.]],
  references = { "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/send-cloudtrail-events-to-cloudwatch-logs.html" },
  check = function(e)
    return each({ "group", "topic" }, function(place)
      if values.set(e, e.raw, place == "group" and "cloud_watch_logs_group_arn" or "sns_topic_name") then return end
      return fail("trail " .. e.name .. (place == "group" and " writes to no log group" or " notifies no topic"), { case = place, at = e })
    end)
  end,
  tests = {
    fail = { [[resource "aws_cloudtrail" "fire" { name = "fire" }]] },
    pass = { [[
resource "aws_cloudwatch_log_group" "g" {}
resource "aws_cloudtrail" "dont_fire" {
  cloud_watch_logs_group_arn = "${aws_cloudwatch_log_group.g.arn}:*"
  sns_topic_name             = "audit"
}]] },
    unknown = { [[
variable "t" {}
resource "aws_cloudtrail" "a" {
  cloud_watch_logs_group_arn = "arn:aws:logs:eu-west-1:123456789012:log-group:g:*"
  sns_topic_name             = var.t
}]] },
  },
}
