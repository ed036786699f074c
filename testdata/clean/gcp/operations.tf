# What happened, and who is told.

locals {
  watched = {
    ownership = "(protoPayload.serviceName=\"cloudresourcemanager.googleapis.com\") AND (ProjectOwnership OR projectOwnerInvitee)"
    audit     = "protoPayload.methodName=\"SetIamPolicy\" AND protoPayload.serviceData.policyDelta.auditConfigDeltas:*"
    firewall  = "resource.type=\"gce_firewall_rule\" AND protoPayload.methodName:\"compute.firewalls\""
    routes    = "resource.type=\"gce_route\" AND protoPayload.methodName:\"compute.routes\""
    networks  = "resource.type=\"gce_network\" AND protoPayload.methodName:\"compute.networks\""
    buckets   = "resource.type=\"gcs_bucket\" AND protoPayload.methodName=\"storage.setIamPermissions\""
    databases = "protoPayload.methodName=\"cloudsql.instances.update\""
  }
}

resource "google_storage_bucket" "logs" {
  name                        = "acme-shop-logs"
  location                    = "EU"
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"

  encryption {
    default_kms_key_name = google_kms_crypto_key.data.id
  }

  versioning {
    enabled = true
  }

  logging {
    log_bucket = google_storage_bucket.access_logs.name
  }

  retention_policy {
    retention_period = 34560000
    is_locked        = true
  }

  lifecycle_rule {
    action {
      type = "Delete"
    }

    condition {
      age = 730
    }
  }

  lifecycle {
    prevent_destroy = true
  }
}

resource "google_logging_project_sink" "all" {
  name                   = "all"
  project                = google_project.shop.project_id
  destination            = "storage.googleapis.com/${google_storage_bucket.logs.name}"
  unique_writer_identity = true
}

resource "google_storage_bucket_iam_member" "sink" {
  bucket = google_storage_bucket.logs.name
  role   = "roles/storage.objectCreator"
  member = google_logging_project_sink.all.writer_identity
}

resource "google_logging_project_bucket_config" "audit" {
  project        = google_project.shop.project_id
  location       = local.region
  bucket_id      = "audit"
  retention_days = 400
  locked         = true
}

resource "google_logging_metric" "watched" {
  for_each = local.watched

  name   = "changes-${each.key}"
  filter = each.value

  metric_descriptor {
    metric_kind = "DELTA"
    value_type  = "INT64"
  }
}

resource "google_monitoring_notification_channel" "on_call" {
  display_name = "on call"
  type         = "email"

  labels = {
    email_address = "shop-on-call@acme.example"
  }
}

resource "google_monitoring_alert_policy" "watched" {
  for_each = google_logging_metric.watched

  display_name          = "changes of ${each.key}"
  combiner              = "OR"
  notification_channels = [google_monitoring_notification_channel.on_call.id]

  conditions {
    display_name = "any change"

    condition_threshold {
      filter          = "metric.type=\"logging.googleapis.com/user/${each.value.name}\" AND resource.type=\"global\""
      comparison      = "COMPARISON_GT"
      threshold_value = 0
      duration        = "0s"
    }
  }
}

resource "google_pubsub_topic" "findings" {
  name         = "security-findings"
  kms_key_name = google_kms_crypto_key.data.id
}

resource "google_scc_source" "scanner" {
  display_name = "image scanner"
  organization = "123456789012"
}

resource "google_scc_v2_organization_notification_config" "findings" {
  config_id    = "findings"
  organization = "123456789012"
  location     = "global"
  pubsub_topic = google_pubsub_topic.findings.id

  streaming_config {
    filter = "state = \"ACTIVE\" AND NOT mute = \"MUTED\""
  }
}
