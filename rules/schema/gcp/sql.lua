-- Cloud SQL: instances and their users.

entity "gcp.sql.instance" {
  doc = "A Cloud SQL instance.",
  terraform = { "google_sql_database_instance" },
  live = { "gcp:sqladmin:instance" },
  id = { "name", "id", "self_link", "connection_name", "selfLink", "connectionName" },
  tags = "settings.user_labels",
  satellites = { user = { "google_sql_user", by = "instance" } },
  fields = {
    name = { string, tf = "name", live = "name" },
    version = { string, tf = "database_version", live = "databaseVersion" },
    primary = { string, tf = "master_instance_name", live = "masterInstanceName" },
    flags = { list, tf = "settings.database_flags", live = "settings.databaseFlags" },
    ["network.authorized"] = { list, tf = "settings.ip_configuration.authorized_networks",
      live = "settings.ipConfiguration.authorizedNetworks" },
    region = { string, tf = "region", live = "region" },
    ["network.public"] = { bool, tf = "settings.ip_configuration.ipv4_enabled", live = "settings.ipConfiguration.ipv4Enabled", default = true,
      doc = "The instance has a public address." },
    ["network.ssl_mode"] = { string, tf = "settings.ip_configuration.ssl_mode", live = "settings.ipConfiguration.sslMode" },
    ["network.require_ssl"] = { bool, tf = "settings.ip_configuration.require_ssl", live = "settings.ipConfiguration.requireSsl", default = false },
    ["backup.enabled"] = { bool, tf = "settings.backup_configuration.enabled", live = "settings.backupConfiguration.enabled", default = false },
    ["backup.point_in_time"] = { bool, tf = "settings.backup_configuration.point_in_time_recovery_enabled",
      live = "settings.backupConfiguration.pointInTimeRecoveryEnabled", default = false },
    ["backup.binary_log"] = { bool, tf = "settings.backup_configuration.binary_log_enabled",
      live = "settings.backupConfiguration.binaryLogEnabled", default = false },
    ["backup.location"] = { string, tf = "settings.backup_configuration.location", live = "settings.backupConfiguration.location" },
    availability = { string, tf = "settings.availability_type", live = "settings.availabilityType", default = "ZONAL" },
    deletion_protection = { bool, tf = "deletion_protection", default = true, doc = "Terraform refuses to destroy it." },
    api_deletion_protection = { bool, tf = "settings.deletion_protection_enabled", live = "settings.deletionProtectionEnabled", default = false,
      doc = "The service refuses to delete it." },
    ["encryption.key"] = { string, tf = "encryption_key_name", live = "diskEncryptionConfiguration.kmsKeyName" },
  },
  edges = {
    { "encrypts", tf = "encryption_key_name", live = "diskEncryptionConfiguration.kmsKeyName", reverse = true },
    { "attached_to", tf = "settings.ip_configuration.private_network", live = "settings.ipConfiguration.privateNetwork" },
    { "replicates_to", tf = "master_instance_name", live = "masterInstanceName", reverse = true },
  },
}

entity "gcp.sql.user" {
  doc = "A user of a Cloud SQL instance.",
  terraform = { "google_sql_user" },
  id = { "id" },
  fields = { instance = { string, tf = "instance" }, host = { string, tf = "host" } },
}
