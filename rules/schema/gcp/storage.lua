-- Cloud Storage: buckets, their bindings and access control lists.

entity "gcp.storage.bucket" {
  doc = "A Cloud Storage bucket.",
  terraform = { "google_storage_bucket" },
  live = { "gcp:storage:bucket" },
  id = { "name", "id", "self_link", "url", "selfLink" },
  tags = "labels",
  fields = {
    name = { string, tf = "name", live = "name" },
    location = { string, tf = "location", live = "location" },
    public_access_prevention = { string, tf = "public_access_prevention", live = "iamConfiguration.publicAccessPrevention", default = "inherited" },
    uniform_access = { bool, tf = "uniform_bucket_level_access", live = "iamConfiguration.uniformBucketLevelAccess.enabled",
      default = false, doc = "Access control lists are off." },
    ["encryption.key"] = { string, tf = "encryption.default_kms_key_name", live = "encryption.defaultKmsKeyName" },
    ["versioning.enabled"] = { bool, tf = "versioning.enabled", live = "versioning.enabled", default = false,
      doc = "Old versions of objects are kept." },
    ["logging.bucket"] = { string, tf = "logging.log_bucket", live = "logging.logBucket" },
    ["retention.locked"] = { bool, tf = "retention_policy.is_locked", live = "retentionPolicy.isLocked", default = false },
    lifecycle = { list, tf = "lifecycle_rule", live = "lifecycle.rule" },
    autoclass = { bool, tf = "autoclass.enabled", live = "autoclass.enabled", default = false },
  },
  edges = {
    { "encrypts", tf = "encryption.default_kms_key_name", live = "encryption.defaultKmsKeyName", reverse = true },
    { "logs_to", tf = "logging.log_bucket", live = "logging.logBucket" },
  },
}

entity "gcp.storage.bucket_iam" {
  doc = "Who has a role on a bucket.",
  terraform = { "google_storage_bucket_iam_member", "google_storage_bucket_iam_binding", "google_storage_bucket_iam_policy" },
  id = { "id" },
  fields = { bucket = { string, tf = "bucket", live = "bucket" }, role = { string, tf = "role", live = "role" } },
  edges = { { "binds", tf = { "member", "members" }, live = { "member", "members" } }, { "grants", tf = "bucket", live = "bucket" } },
}

entity "gcp.storage.acl" {
  doc = "Access control list of a bucket or of its new objects.",
  terraform = { "google_storage_bucket_acl", "google_storage_default_object_acl" },
  id = { "id" },
  fields = { bucket = { string, tf = "bucket" } },
  edges = { { "grants", tf = "bucket" } },
}
