-- CloudTrail and CloudWatch.

entity "aws.cloudtrail.trail" {
  doc = "A record of what is done in an account.",
  terraform = { "aws_cloudtrail" },
  live = { "aws:cloudtrail:trail" },
  id = { "name", "id", "arn", "TrailARN" },
  tags = "tags",
  fields = {
    name = { string, tf = "name", live = "Name" },
    multi_region = { bool, tf = "is_multi_region_trail", live = "IsMultiRegionTrail", default = false },
    logging = { bool, tf = "enable_logging", live = "Status.IsLogging", default = true },
    global_events = { bool, tf = "include_global_service_events", live = "IncludeGlobalServiceEvents", default = true },
    validation = { bool, tf = "enable_log_file_validation", live = "LogFileValidationEnabled", default = false },
    bucket = { string, tf = "s3_bucket_name", live = "S3BucketName" },
    log_group = { string, tf = "cloud_watch_logs_group_arn", live = "CloudWatchLogsLogGroupArn" },
    selectors = { list, tf = "event_selector", live = "EventSelectors" },
    advanced_selectors = { list, tf = "advanced_event_selector", live = "AdvancedEventSelectors" },
  },
  edges = {
    { "encrypts", tf = "kms_key_id", live = "KmsKeyId", reverse = true },
    { "logs_to", tf = "s3_bucket_name", live = "S3BucketName" },
    { "logs_to", tf = "cloud_watch_logs_group_arn", live = "CloudWatchLogsLogGroupArn" },
  },
}

entity "aws.cloudtrail.event_data_store" {
  doc = "A lake of events.",
  terraform = { "aws_cloudtrail_event_data_store" },
  live = { "aws:cloudtrail:eventdatastore" },
  id = { "name", "id", "arn" },
  tags = "tags",
  fields = { name = { string, tf = "name", live = "Name" } },
}

entity "aws.cloudwatch.log_group" {
  doc = "Logs that are kept together.",
  terraform = { "aws_cloudwatch_log_group" },
  live = { "aws:logs:log-group" },
  id = { "name", "id", "arn", "logGroupName" },
  tags = "tags",
  fields = {
    name = { string, tf = { "name", "name_prefix" }, live = "logGroupName" },
    days = { number, tf = "retention_in_days", live = "retentionInDays" },
    key = { string, tf = "kms_key_id", live = "kmsKeyId" },
  },
  edges = { { "encrypts", tf = "kms_key_id", live = "kmsKeyId", reverse = true } },
}

entity "aws.cloudwatch.alarm" {
  doc = "An alarm on a metric.",
  terraform = { "aws_cloudwatch_metric_alarm" },
  live = { "aws:cloudwatch:alarm" },
  id = { "alarm_name", "id", "arn", "AlarmName" },
  tags = "tags",
  fields = {
    name = { string, tf = "alarm_name", live = "AlarmName" },
    enabled = { bool, tf = "actions_enabled", live = "ActionsEnabled", default = true },
    actions = { list, tf = "alarm_actions", live = "AlarmActions" },
    metric = { string, tf = "metric_name", live = "MetricName" },
  },
}

entity "aws.cloudwatch.metric_filter" {
  doc = "A count of log lines that match a pattern.",
  terraform = { "aws_cloudwatch_log_metric_filter" },
  live = { "aws:logs:metric-filter" },
  id = { "id", "name", "filterName" },
  fields = {
    pattern = { string, tf = "pattern", live = "filterPattern" },
    metric = { string, tf = "metric_transformation.name", live = "metricTransformations.metricName" },
    group = { string, tf = "log_group_name", live = "logGroupName" },
  },
}
