local alarms = lib "alarms"

local events = {
  { case = "unauthorised", label = "refused calls", together = { "UnauthorizedOperation", "AccessDenied" } },
  { case = "no-mfa", label = "sign-in without a second factor", together = { "ConsoleLogin", "MFAUsed" } },
  { case = "root", label = "use of the root user", together = { "userIdentity.type", "Root" } },
  { case = "failed", label = "failed sign-in", together = { "ConsoleLogin", "Failed authentication" } },
}

return rule {
  id = "AWS-CW-004", title = "No alarm watches identity misuse",
  severity = "medium", category = "logging",
  aliases = { ["AVD-AWS-0147"] = "unauthorised", ["AVD-AWS-0148"] = "no-mfa", ["AVD-AWS-0149"] = "root", ["AVD-AWS-0152"] = "failed" },
  frameworks = { "CIS-AWS-3.0:4.1", "CIS-AWS-3.0:4.2", "CIS-AWS-3.0:4.3", "CIS-AWS-3.0:4.6", "NIST-800-53r5:AU-2",
    "PCI-DSS-4.0:10.2.1", "SOC2:CC7.2", "ISO27001-2022:A.8.15" },
  for_each = "aws.cloudtrail.trail",
  where = alarms.is_judged,
  description = [[Stolen credentials first show as refused calls, failed sign-in, and sign-in without a second factor.
The parameter `siem` says that something else watches.]],
  remediation = [[Add an `aws_cloudwatch_log_metric_filter` on the trail's log group and an `aws_cloudwatch_metric_alarm` on its metric.]],
  references = { "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudwatch-alarms-for-cloudtrail.html" },
  check = function(e) return alarms.judge(e, events) end,
  tests = {
    fail = { [[
resource "aws_cloudwatch_log_group" "g" { name = "trail" }
resource "aws_cloudtrail" "fire" {
  s3_bucket_name             = "trail"
  is_multi_region_trail      = true
  cloud_watch_logs_group_arn = "${aws_cloudwatch_log_group.g.arn}:*"
}
resource "aws_cloudwatch_log_metric_filter" "f" {
  name           = "f"
  log_group_name = aws_cloudwatch_log_group.g.name
  pattern        = "{ $.errorCode = AccessDenied }"
  metric_transformation {
    name      = "m"
    namespace = "n"
    value     = "1"
  }
}]], live [[
[{"type": "aws:cloudtrail:trail", "name": "fire", "body": {"Name": "t", "IsMultiRegionTrail": true, "Status": {"IsLogging": true},
  "CloudWatchLogsLogGroupArn": "arn:aws:logs:eu-west-1:123456789012:log-group:trail:*"}},
 {"type": "aws:logs:log-group", "name": "trail", "body": {"logGroupName": "trail"}}]
]] },
    pass = { live [[
[{"type": "aws:cloudtrail:trail", "name": "dont_fire", "body": {"Name": "t", "IsMultiRegionTrail": true,
  "Status": {"IsLogging": true}, "CloudWatchLogsLogGroupArn": "arn:aws:logs:eu-west-1:123456789012:log-group:trail:*"}},
 {"type": "aws:logs:log-group", "name": "trail", "body": {"logGroupName": "trail"}},
 {"type": "aws:logs:metric-filter", "name": "unauthorised", "body": {"logGroupName": "trail",
  "filterPattern": "{ ($.errorCode = *UnauthorizedOperation) || ($.errorCode = AccessDenied*) }",
  "metricTransformations": [{"metricName": "unauthorised"}]}},
 {"type": "aws:cloudwatch:alarm", "name": "unauthorised", "body": {"AlarmName": "unauthorised", "MetricName": "unauthorised"}},
 {"type": "aws:logs:metric-filter", "name": "mfa", "body": {"logGroupName": "trail",
  "filterPattern": "{ ($.eventName = ConsoleLogin) && ($.additionalEventData.MFAUsed != Yes) }",
  "metricTransformations": [{"metricName": "mfa"}]}},
 {"type": "aws:cloudwatch:alarm", "name": "mfa", "body": {"AlarmName": "mfa", "MetricName": "mfa"}},
 {"type": "aws:logs:metric-filter", "name": "root", "body": {"logGroupName": "trail",
  "filterPattern": "{ $.userIdentity.type = Root && $.userIdentity.invokedBy NOT EXISTS }",
  "metricTransformations": [{"metricName": "root"}]}},
 {"type": "aws:cloudwatch:alarm", "name": "root", "body": {"AlarmName": "root", "MetricName": "root"}},
 {"type": "aws:logs:metric-filter", "name": "failed", "body": {"logGroupName": "trail",
  "filterPattern": "{ ($.eventName = ConsoleLogin) && ($.errorMessage = \"Failed authentication\") }",
  "metricTransformations": [{"metricName": "failed"}]}},
 {"type": "aws:cloudwatch:alarm", "name": "failed", "body": {"AlarmName": "failed", "MetricName": "failed"}}]
]], [[
locals {
  patterns = {
    unauthorised = "{ ($.errorCode = \"*UnauthorizedOperation\") || ($.errorCode = \"AccessDenied*\") }"
    mfa = "{ ($.eventName = \"ConsoleLogin\") && ($.additionalEventData.MFAUsed != \"Yes\") }"
    root = "{ $.userIdentity.type = \"Root\" && $.userIdentity.invokedBy NOT EXISTS && $.eventType != \"AwsServiceEvent\" }"
    failed = "{ ($.eventName = ConsoleLogin) && ($.errorMessage = \"Failed authentication\") }"
  }
}
resource "aws_cloudwatch_log_group" "g" { name = "trail" }
resource "aws_cloudtrail" "dont_fire" {
  s3_bucket_name             = "trail"
  is_multi_region_trail      = true
  cloud_watch_logs_group_arn = "${aws_cloudwatch_log_group.g.arn}:*"
}
resource "aws_cloudwatch_log_metric_filter" "f" {
  for_each       = local.patterns
  name           = each.key
  log_group_name = aws_cloudwatch_log_group.g.name
  pattern        = each.value
  metric_transformation {
    name      = each.key
    namespace = "n"
    value     = "1"
  }
}
resource "aws_cloudwatch_metric_alarm" "a" {
  for_each    = local.patterns
  alarm_name  = each.key
  metric_name = aws_cloudwatch_log_metric_filter.f[each.key].metric_transformation[0].name
}]] },
    unknown = { live [[
[{"type": "aws:cloudtrail:trail", "name": "a", "body": {"Name": "t", "IsMultiRegionTrail": true, "Status": {"IsLogging": true},
  "CloudWatchLogsLogGroupArn": "arn:aws:logs:eu-west-1:123456789012:log-group:trail:*"}},
 {"type": "aws:logs:log-group", "name": "trail", "account": "123456789012", "region": "eu-west-1", "body": {"logGroupName": "trail"}},
 {"type": "aws:account:region", "name": "eu-west-1", "account": "123456789012", "region": "eu-west-1",
  "body": {"Region": "eu-west-1", "Used": true, "MetricAlarms": []}, "unknown": {"MetricFilters": "AccessDenied"}}]
]], [[
variable "pattern" {}
resource "aws_cloudwatch_log_group" "g" { name = "trail" }
resource "aws_securityhub_account" "h" {}
resource "aws_cloudtrail" "a" {
  s3_bucket_name             = "trail"
  is_multi_region_trail      = true
  cloud_watch_logs_group_arn = aws_cloudwatch_log_group.g.arn
}]], [[
resource "aws_cloudtrail" "a" {
  s3_bucket_name             = "trail"
  is_multi_region_trail      = true
  cloud_watch_logs_group_arn = "arn:aws:logs:eu-west-1:123456789012:log-group:elsewhere:*"
}]] },
  },
}
