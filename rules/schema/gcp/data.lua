-- Filestore, Bigtable, Memorystore, Pub/Sub.

entity "gcp.filestore.instance" {
  doc = "A file server.",
  terraform = { "google_filestore_instance" },
  live = { "gcp:file:instance" },
  id = { "name", "id" },
  tags = "labels",
  fields = {
    name = { string, tf = "name", live = "name" },
    tier = { string, tf = "tier", live = "tier" },
    ["encryption.key"] = { string, tf = "kms_key_name", live = "kmsKeyName" },
    exports = { list, tf = "file_shares.nfs_export_options", live = "fileShares.nfsExportOptions" },
  },
  edges = {
    { "encrypts", tf = "kms_key_name", live = "kmsKeyName", reverse = true },
    { "attached_to", tf = "networks.network", live = "networks.network" },
  },
}

entity "gcp.filestore.backup" {
  doc = "A copy of a file server, or a state of it to which one can go back.",
  terraform = { "google_filestore_backup", "google_filestore_snapshot" },
  live = { "gcp:file:backup", "gcp:file:snapshot" },
  id = { "name", "id" },
  tags = "labels",
  fields = { instance = { string, tf = { "source_instance", "instance" }, live = "sourceInstance" } },
  edges = { { "backs_up", tf = { "source_instance", "instance" }, live = "sourceInstance" } },
}

entity "gcp.bigtable.instance" {
  doc = "A Bigtable instance.",
  terraform = { "google_bigtable_instance" },
  live = { "gcp:bigtableadmin:instance" },
  id = { "name", "id" },
  tags = "labels",
  satellites = { table = { "google_bigtable_table", by = "instance_name" } },
  fields = {
    name = { string, tf = "name", live = "displayName" },
    clusters = { list, tf = "cluster" },
    deletion_protection = { bool, tf = "deletion_protection", default = true, doc = "Terraform refuses to destroy it." },
  },
  edges = { { "encrypts", tf = "cluster[].kms_key_name", reverse = true } },
}

entity "gcp.bigtable.cluster" {
  doc = "A cluster of a live Bigtable instance.",
  live = { "gcp:bigtableadmin:cluster" },
  id = { "name" },
  fields = { ["encryption.key"] = { string, live = "encryptionConfig.kmsKeyName" } },
}

entity "gcp.bigtable.table" {
  doc = "A Bigtable table.",
  terraform = { "google_bigtable_table" },
  live = { "gcp:bigtableadmin:table" },
  id = { "name", "id" },
  fields = {
    name = { string, tf = "name", live = "name" },
    instance = { string, tf = "instance_name" },
    protection = { string, tf = "deletion_protection" },
    protected = { bool, live = "deletionProtection" },
    backups = { any, tf = "automated_backup_policy", live = "automatedBackupPolicy" },
  },
}

entity "gcp.redis.instance" {
  doc = "A Memorystore for Redis instance.",
  terraform = { "google_redis_instance" },
  live = { "gcp:redis:instance" },
  id = { "name", "id" },
  tags = "labels",
  fields = {
    name = { string, tf = "name", live = "name" },
    transit = { string, tf = "transit_encryption_mode", live = "transitEncryptionMode", default = "DISABLED" },
    auth = { bool, tf = "auth_enabled", live = "authEnabled", default = false },
    tier = { string, tf = "tier", live = "tier", default = "BASIC" },
    persistence = { string, tf = "persistence_config.persistence_mode", live = "persistenceConfig.persistenceMode",
      default = "DISABLED" },
    ["encryption.key"] = { string, tf = "customer_managed_key", live = "customerManagedKey" },
  },
  edges = {
    { "encrypts", tf = "customer_managed_key", live = "customerManagedKey", reverse = true },
    { "attached_to", tf = "authorized_network", live = "authorizedNetwork" },
  },
}

entity "gcp.redis.cluster" {
  doc = "A Memorystore for Redis cluster.",
  terraform = { "google_redis_cluster" },
  live = { "gcp:redis:cluster" },
  id = { "name", "id" },
  fields = {
    name = { string, tf = "name", live = "name" },
    transit = { string, tf = "transit_encryption_mode", live = "transitEncryptionMode", default = "TRANSIT_ENCRYPTION_MODE_DISABLED" },
    auth = { string, tf = "authorization_mode", live = "authorizationMode", default = "AUTH_MODE_DISABLED" },
    ["encryption.key"] = { string, tf = "kms_key", live = "encryptionInfo.kmsKey" },
  },
  edges = { { "encrypts", tf = "kms_key", reverse = true } },
}

entity "gcp.pubsub.topic" {
  doc = "A topic.",
  terraform = { "google_pubsub_topic" },
  live = { "gcp:pubsub:topic" },
  id = { "name", "id" },
  tags = "labels",
  fields = {
    name = { string, tf = "name", live = "name" },
    ["encryption.key"] = { string, tf = "kms_key_name", live = "kmsKeyName" },
  },
  edges = { { "encrypts", tf = "kms_key_name", live = "kmsKeyName", reverse = true } },
}

entity "gcp.pubsub.binding" {
  doc = "Who has a role on a topic.",
  terraform = { "google_pubsub_topic_iam_member", "google_pubsub_topic_iam_binding", "google_pubsub_topic_iam_policy" },
  id = { "id" },
  fields = { role = { string, tf = "role", live = "role" } },
  edges = { { "binds", tf = { "member", "members" }, live = { "member", "members" } }, { "grants", tf = "topic", live = "topic" } },
}
