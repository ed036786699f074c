-- X-Ray, managed Grafana and managed Prometheus.

entity "aws.xray.encryption" {
  doc = "How traces are encrypted in a region.",
  terraform = { "aws_xray_encryption_config" },
  live = { "aws:xray:encryption-config" },
  id = { "id" },
  fields = {
    mode = { string, tf = "type", live = "Type", default = "NONE" },
    key = { string, tf = "key_id", live = "KeyId" },
  },
  edges = { { "encrypts", tf = "key_id", live = "KeyId", reverse = true } },
}

entity "aws.grafana.workspace" {
  doc = "A managed Grafana.",
  terraform = { "aws_grafana_workspace" },
  live = { "aws:grafana:workspace" },
  id = { "name", "id", "arn" },
  tags = "tags",
  satellites = { roles = { "aws_grafana_role_association", by = "workspace_id" } },
  fields = {
    name = { string, tf = "name", live = "name" },
    providers = { list, tf = "authentication_providers", live = "authentication.providers" },
    networks = { any, tf = "network_access_control", live = "networkAccessControl" },
  },
}

entity "aws.grafana.role" {
  doc = "Who has which role in a Grafana.",
  terraform = { "aws_grafana_role_association" },
  id = { "id" },
  fields = { role = { string, tf = "role" }, groups = { list, tf = "group_ids" }, users = { list, tf = "user_ids" } },
}

entity "aws.prometheus.workspace" {
  doc = "A managed Prometheus.",
  terraform = { "aws_prometheus_workspace" },
  live = { "aws:aps:workspace" },
  id = { "id", "arn", "workspaceId" },
  tags = "tags",
  satellites = { alerts = { "aws_prometheus_alert_manager_definition", by = "workspace_id" } },
  fields = {
    name = { string, tf = "alias", live = "alias" },
    key = { string, tf = "kms_key_arn", live = "kmsKeyArn" },
    log = { string, tf = "logging_configuration.log_group_arn", live = "loggingConfiguration.logGroupArn" },
  },
  edges = {
    { "encrypts", tf = "kms_key_arn", live = "kmsKeyArn", reverse = true },
    { "logs_to", tf = "logging_configuration.log_group_arn", live = "loggingConfiguration.logGroupArn" },
  },
}

entity "aws.prometheus.alert_manager" {
  doc = "Whom alerts of a workspace reach.",
  terraform = { "aws_prometheus_alert_manager_definition" },
  id = { "id" },
  fields = { workspace = { string, tf = "workspace_id" } },
}
