-- Cloud Logging, Cloud Monitoring, enabled services, budgets.

entity "gcp.logging.sink" {
  doc = "Where logs are exported to.",
  terraform = { "google_logging_project_sink", "google_logging_folder_sink", "google_logging_organization_sink",
    "google_logging_billing_account_sink" },
  live = { "gcp:logging:logsink" },
  id = { "name", "id" },
  fields = {
    name = { string, tf = "name", live = "name" },
    destination = { string, tf = "destination", live = "destination" },
    filter = { string, tf = "filter", live = "filter", default = "" },
    disabled = { bool, tf = "disabled", live = "disabled", default = false },
    children = { bool, tf = "include_children", live = "includeChildren", default = false },
  },
  edges = { { "logs_to", tf = "destination", live = "destination" }, { "attached_to", tf = { "project", "folder", "org_id" } } },
}

entity "gcp.logging.bucket" {
  doc = "A bucket of logs.",
  terraform = { "google_logging_project_bucket_config", "google_logging_folder_bucket_config",
    "google_logging_organization_bucket_config", "google_logging_billing_account_bucket_config" },
  live = { "gcp:logging:logbucket" },
  id = { "name", "id", "bucket_id" },
  fields = {
    name = { string, tf = "bucket_id", live = "name" },
    days = { number, tf = "retention_days", live = "retentionDays", default = 30 },
    locked = { bool, tf = "locked", live = "locked", default = false },
  },
  edges = { { "encrypts", tf = "cmek_settings.kms_key_name", live = "cmekSettings.kmsKeyName", reverse = true } },
}

entity "gcp.logging.metric" {
  doc = "A metric that counts entries of logs.",
  terraform = { "google_logging_metric" },
  live = { "gcp:logging:logmetric" },
  id = { "name", "id" },
  fields = { name = { string, tf = "name", live = "name" }, filter = { string, tf = "filter", live = "filter" } },
}

entity "gcp.monitoring.alert" {
  doc = "When somebody is told.",
  terraform = { "google_monitoring_alert_policy" },
  live = { "gcp:monitoring:alertpolicy" },
  id = { "name", "id" },
  tags = "user_labels",
  fields = {
    name = { string, tf = "display_name", live = "displayName" },
    channels = { list, tf = "notification_channels", live = "notificationChannels" },
    enabled = { bool, tf = "enabled", live = "enabled", default = true },
  },
}

entity "gcp.monitoring.channel" {
  doc = "Who is told.",
  terraform = { "google_monitoring_notification_channel" },
  live = { "gcp:monitoring:notificationchannel" },
  id = { "name", "id" },
  tags = "user_labels",
  fields = { name = { string, tf = "display_name", live = "displayName" }, type = { string, tf = "type", live = "type" } },
}

entity "gcp.project.service" {
  doc = "A service that a project may use.",
  terraform = { "google_project_service", "google_project_services" },
  live = { "gcp:serviceusage:service" },
  id = { "id" },
  fields = {
    service = { string, tf = "service", live = { "config.name", "name" } },
    services = { list, tf = "services" },
    project = { string, tf = "project" },
  },
  edges = { { "attached_to", tf = "project" } },
}

entity "gcp.billing.budget" {
  doc = "A budget of a billing account.",
  terraform = { "google_billing_budget" },
  live = { "gcp:billingbudgets:budget" },
  id = { "name", "id" },
  fields = {
    account = { string, tf = "billing_account" },
    projects = { list, tf = "budget_filter.projects", live = "budgetFilter.projects" },
    thresholds = { list, tf = "threshold_rules", live = "thresholdRules" },
  },
}
