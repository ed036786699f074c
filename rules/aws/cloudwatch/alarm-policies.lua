local alarms = lib "alarms"

local events = {
    { case = "policies", label = "changes of IAM policies", each = { "DeleteGroupPolicy", "DeleteRolePolicy",
    "DeleteUserPolicy", "PutGroupPolicy", "PutRolePolicy", "PutUserPolicy", "CreatePolicy", "DeletePolicy",
    "CreatePolicyVersion", "DeletePolicyVersion", "AttachRolePolicy", "DetachRolePolicy", "AttachUserPolicy",
    "DetachUserPolicy", "AttachGroupPolicy", "DetachGroupPolicy" } },
    { case = "trails", label = "changes of trails", each = { "CreateTrail", "UpdateTrail", "DeleteTrail", "StartLogging",
    "StopLogging" } },
  { case = "keys", label = "disabling and deletion of keys", each = { "DisableKey", "ScheduleKeyDeletion" } },
    { case = "buckets", label = "changes of bucket policies", each = { "PutBucketAcl", "PutBucketPolicy", "PutBucketCors",
    "PutBucketLifecycle", "PutBucketReplication", "DeleteBucketPolicy", "DeleteBucketCors", "DeleteBucketLifecycle",
    "DeleteBucketReplication" } },
    { case = "recorders", label = "changes of the configuration recorder", each = { "StopConfigurationRecorder",
    "DeleteDeliveryChannel", "PutDeliveryChannel", "PutConfigurationRecorder" } },
  { case = "organisation", label = "changes of the organisation", together = { "organizations.amazonaws.com" } },
}

return rule {
  id = "AWS-CW-005", title = "No alarm watches changes of policies, keys, trails and organisation",
  severity = "medium", category = "logging",
  aliases = { ["AVD-AWS-0150"] = "policies", ["AVD-AWS-0151"] = "trails", ["AVD-AWS-0153"] = "keys", ["AVD-AWS-0154"] =
    "buckets", ["AVD-AWS-0155"] = "recorders", ["AVD-AWS-0174"] = "organisation" },
  frameworks = { "CIS-AWS-3.0:4.4", "CIS-AWS-3.0:4.7", "CIS-AWS-3.0:4.8", "CIS-AWS-3.0:4.15", "CIS-AWS-3.0:4.5",
    "CIS-AWS-3.0:4.9", "NIST-800-53r5:AU-2", "PCI-DSS-4.0:10.2.1", "SOC2:CC7.2", "ISO27001-2022:A.8.15" },
  for_each = "aws.cloudtrail.trail",
  where = alarms.is_judged,
  description = [[Who wants to stay unseen first changes policies, keys and what records them.
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
  pattern        = "{ $.eventName = CreateTrail }"
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
 {"type": "aws:logs:metric-filter", "name": "policies0", "body": {"logGroupName": "trail",
  "filterPattern": "{ ($.eventName = DeleteGroupPolicy) || ($.eventName = DeleteRolePolicy) || ($.eventName = DeleteUserPolicy) }",
  "metricTransformations": [{"metricName": "policies"}]}},
 {"type": "aws:logs:metric-filter", "name": "policies1", "body": {"logGroupName": "trail",
  "filterPattern": "{ ($.eventName = PutGroupPolicy) || ($.eventName = PutRolePolicy) || ($.eventName = PutUserPolicy) }",
  "metricTransformations": [{"metricName": "policies"}]}},
 {"type": "aws:logs:metric-filter", "name": "policies2", "body": {"logGroupName": "trail",
  "filterPattern": "{ ($.eventName = CreatePolicy) || ($.eventName = DeletePolicy) || ($.eventName = CreatePolicyVersion) }",
  "metricTransformations": [{"metricName": "policies"}]}},
 {"type": "aws:logs:metric-filter", "name": "policies3", "body": {"logGroupName": "trail",
  "filterPattern": "{ ($.eventName = DeletePolicyVersion) || ($.eventName = AttachRolePolicy) || ($.eventName = DetachRolePolicy) }",
  "metricTransformations": [{"metricName": "policies"}]}},
 {"type": "aws:logs:metric-filter", "name": "policies4", "body": {"logGroupName": "trail",
  "filterPattern": "{ ($.eventName = AttachUserPolicy) || ($.eventName = DetachUserPolicy) || ($.eventName = AttachGroupPolicy) }",
  "metricTransformations": [{"metricName": "policies"}]}},
 {"type": "aws:logs:metric-filter", "name": "policies5", "body": {"logGroupName": "trail",
  "filterPattern": "{ ($.eventName = DetachGroupPolicy) }",
  "metricTransformations": [{"metricName": "policies"}]}},
 {"type": "aws:cloudwatch:alarm", "name": "policies", "body": {"AlarmName": "policies", "MetricName": "policies"}},
 {"type": "aws:logs:metric-filter", "name": "trails0", "body": {"logGroupName": "trail",
  "filterPattern": "{ ($.eventName = CreateTrail) || ($.eventName = UpdateTrail) || ($.eventName = DeleteTrail) }",
  "metricTransformations": [{"metricName": "trails"}]}},
 {"type": "aws:logs:metric-filter", "name": "trails1", "body": {"logGroupName": "trail",
  "filterPattern": "{ ($.eventName = StartLogging) || ($.eventName = StopLogging) }",
  "metricTransformations": [{"metricName": "trails"}]}},
 {"type": "aws:cloudwatch:alarm", "name": "trails", "body": {"AlarmName": "trails", "MetricName": "trails"}},
 {"type": "aws:logs:metric-filter", "name": "keys", "body": {"logGroupName": "trail",
  "filterPattern": "{ ($.eventName = DisableKey) || ($.eventName = ScheduleKeyDeletion) }",
  "metricTransformations": [{"metricName": "keys"}]}},
 {"type": "aws:cloudwatch:alarm", "name": "keys", "body": {"AlarmName": "keys", "MetricName": "keys"}},
 {"type": "aws:logs:metric-filter", "name": "buckets0", "body": {"logGroupName": "trail",
  "filterPattern": "{ ($.eventName = PutBucketAcl) || ($.eventName = PutBucketPolicy) || ($.eventName = PutBucketCors) }",
  "metricTransformations": [{"metricName": "buckets"}]}},
 {"type": "aws:logs:metric-filter", "name": "buckets1", "body": {"logGroupName": "trail",
  "filterPattern": "{ ($.eventName = PutBucketLifecycle) || ($.eventName = PutBucketReplication) || ($.eventName = DeleteBucketPolicy) }",
  "metricTransformations": [{"metricName": "buckets"}]}},
 {"type": "aws:logs:metric-filter", "name": "buckets2", "body": {"logGroupName": "trail",
  "filterPattern": "{ ($.eventName = DeleteBucketCors) || ($.eventName = DeleteBucketLifecycle) || ($.eventName = DeleteBucketReplication) }",
  "metricTransformations": [{"metricName": "buckets"}]}},
 {"type": "aws:cloudwatch:alarm", "name": "buckets", "body": {"AlarmName": "buckets", "MetricName": "buckets"}},
 {"type": "aws:logs:metric-filter", "name": "recorders0", "body": {"logGroupName": "trail",
  "filterPattern": "{ ($.eventName = StopConfigurationRecorder) || ($.eventName = DeleteDeliveryChannel) || ($.eventName = PutDeliveryChannel) }",
  "metricTransformations": [{"metricName": "recorders"}]}},
 {"type": "aws:logs:metric-filter", "name": "recorders1", "body": {"logGroupName": "trail",
  "filterPattern": "{ ($.eventName = PutConfigurationRecorder) }",
  "metricTransformations": [{"metricName": "recorders"}]}},
 {"type": "aws:cloudwatch:alarm", "name": "recorders", "body": {"AlarmName": "recorders", "MetricName": "recorders"}},
 {"type": "aws:logs:metric-filter", "name": "organisation", "body": {"logGroupName": "trail",
  "filterPattern": "{ ($.eventSource = organizations.amazonaws.com) }",
  "metricTransformations": [{"metricName": "organisation"}]}},
 {"type": "aws:cloudwatch:alarm", "name": "organisation", "body": {"AlarmName": "organisation", "MetricName": "organisation"}}]
]], [[
locals {
  patterns = {
    policies = "{ ${join(" || ", [for e in [
      "DeleteGroupPolicy", "DeleteRolePolicy", "DeleteUserPolicy", "PutGroupPolicy", "PutRolePolicy", "PutUserPolicy",
      "CreatePolicy", "DeletePolicy", "CreatePolicyVersion", "DeletePolicyVersion", "AttachRolePolicy",
      "DetachRolePolicy", "AttachUserPolicy", "DetachUserPolicy", "AttachGroupPolicy", "DetachGroupPolicy",
    ] : "($.eventName = ${e})"])} }"
    trails = "{ ${join(" || ", [for e in [
      "CreateTrail", "UpdateTrail", "DeleteTrail", "StartLogging", "StopLogging",
    ] : "($.eventName = ${e})"])} }"
    keys = "{ ($.eventSource = kms.amazonaws.com) && (($.eventName = DisableKey) || ($.eventName = ScheduleKeyDeletion)) }"
    buckets = "{ ${join(" || ", [for e in [
      "PutBucketAcl", "PutBucketPolicy", "PutBucketCors", "PutBucketLifecycle", "PutBucketReplication",
      "DeleteBucketPolicy", "DeleteBucketCors", "DeleteBucketLifecycle", "DeleteBucketReplication",
    ] : "($.eventName = ${e})"])} }"
    recorders = "{ ${join(" || ", [for e in [
      "StopConfigurationRecorder", "DeleteDeliveryChannel", "PutDeliveryChannel", "PutConfigurationRecorder",
    ] : "($.eventName = ${e})"])} }"
    organisation = "{ $.eventSource = organizations.amazonaws.com }"
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
    unknown = { [[
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
