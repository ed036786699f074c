local values = lib "values"

return rule {
  id = "AWS-TRAIL-004", title = "Trail reaches neither log group nor topic",
  severity = "low", category = "logging",
  version = 2, changes = { "judged on live answers too" },
  aliases = { CKV_AWS_252 = "topic", CKV2_AWS_10 = "group", ["AVD-AWS-0162"] = "group" },
  frameworks = { "NIST-800-53r5:AU-2", "PCI-DSS-4.0:10.2.1", "SOC2:CC7.2", "ISO27001-2022:A.8.15" },
  for_each = "aws.cloudtrail.trail",
  description = [[Files in a bucket are read after the fact; a log group can raise alarms, a topic can start programs.]],
  remediation = [[Set `cloud_watch_logs_group_arn` with its role, and `sns_topic_name`.]],
  references = { "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/send-cloudtrail-events-to-cloudwatch-logs.html" },
  check = function(e)
    return each({ "group", "topic" }, function(place)
      local live = e.origin == "live"
      local name = place == "group" and (live and "CloudWatchLogsLogGroupArn" or "cloud_watch_logs_group_arn")
        or (live and "SnsTopicARN" or "sns_topic_name")
      if values.set(e, e.raw, name) then return end
      return fail("trail " .. e.name .. (place == "group" and " writes to no log group" or " notifies no topic"), { case = place, at = e })
    end)
  end,
  tests = {
    fail = { [[resource "aws_cloudtrail" "fire" { name = "fire" }]], live [[
[{"type": "aws:cloudtrail:trail", "name": "fire", "body": {"Name": "fire", "SnsTopicARN": "arn:aws:sns:eu-west-1:1:t"}}]
]] },
    pass = { [[
resource "aws_cloudwatch_log_group" "g" {}
resource "aws_cloudtrail" "dont_fire" {
  cloud_watch_logs_group_arn = "${aws_cloudwatch_log_group.g.arn}:*"
  sns_topic_name             = "audit"
}]], live [[
[{"type": "aws:cloudtrail:trail", "name": "dont_fire", "body": {"Name": "dont_fire", "CloudWatchLogsLogGroupArn": "arn:aws:logs:eu-west-1:1:log-group:g:*", "SnsTopicARN": "arn:aws:sns:eu-west-1:1:t"}}]
]] },
    unknown = { [[
variable "t" {}
resource "aws_cloudtrail" "a" {
  cloud_watch_logs_group_arn = "arn:aws:logs:eu-west-1:123456789012:log-group:g:*"
  sns_topic_name             = var.t
}]], live [[
[{"type": "aws:cloudtrail:trail", "name": "a", "body": {"Name": "a"}, "unknown": {"CloudWatchLogsLogGroupArn": "AccessDenied", "SnsTopicARN": "AccessDenied"}}]
]] },
  },
}
