-- Cloud SQL: instances and their users.

entity "gcp.sql.instance" {
  doc = "A Cloud SQL instance.",
  terraform = { "google_sql_database_instance" },
  id = { "name", "id", "self_link", "connection_name" },
  tags = "settings.user_labels",
  satellites = { user = { "google_sql_user", by = "instance" } },
  fields = {
    name = { string, tf = "name" },
    version = { string, tf = "database_version" },
    region = { string, tf = "region" },
    ["network.public"] = { bool, tf = "settings.ip_configuration.ipv4_enabled", default = true,
      doc = "The instance has a public address." },
    ["network.ssl_mode"] = { string, tf = "settings.ip_configuration.ssl_mode" },
    ["network.require_ssl"] = { bool, tf = "settings.ip_configuration.require_ssl", default = false },
    ["backup.enabled"] = { bool, tf = "settings.backup_configuration.enabled", default = false },
    ["backup.point_in_time"] = { bool, tf = "settings.backup_configuration.point_in_time_recovery_enabled", default = false },
    ["backup.binary_log"] = { bool, tf = "settings.backup_configuration.binary_log_enabled", default = false },
    ["backup.location"] = { string, tf = "settings.backup_configuration.location" },
    availability = { string, tf = "settings.availability_type", default = "ZONAL" },
    deletion_protection = { bool, tf = "deletion_protection", default = true, doc = "Terraform refuses to destroy it." },
    api_deletion_protection = { bool, tf = "settings.deletion_protection_enabled", default = false,
      doc = "The service refuses to delete it." },
    ["encryption.key"] = { string, tf = "encryption_key_name" },
  },
  edges = { { "encrypts", tf = "encryption_key_name", reverse = true } },
}

entity "gcp.sql.user" {
  doc = "A user of a Cloud SQL instance.",
  terraform = { "google_sql_user" },
  id = { "id" },
  fields = { instance = { string, tf = "instance" }, host = { string, tf = "host" } },
}
