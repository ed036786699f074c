-- Cloud KMS, Secret Manager, Security Command Center.

entity "gcp.kms.key" {
  doc = "A key of Cloud KMS.",
  terraform = { "google_kms_crypto_key" },
  live = { "gcp:cloudkms:cryptokey" },
  id = { "id", "name" },
  tags = "labels",
  fields = {
    name = { string, tf = "name", live = "name" },
    purpose = { string, tf = "purpose", live = "purpose", default = "ENCRYPT_DECRYPT" },
    rotation = { string, tf = "rotation_period", live = "rotationPeriod" },
    protection = { string, tf = "version_template.protection_level", live = "versionTemplate.protectionLevel", default = "SOFTWARE" },
    ring = { string, tf = "key_ring" },
  },
  edges = { { "contains", tf = "key_ring", reverse = true } },
}

entity "gcp.kms.ring" {
  doc = "A ring of keys.",
  terraform = { "google_kms_key_ring" },
  live = { "gcp:cloudkms:keyring" },
  id = { "id", "name" },
  fields = { name = { string, tf = "name", live = "name" }, location = { string, tf = "location" } },
}

entity "gcp.kms.binding" {
  doc = "Who has a role on a key or a ring of keys.",
  terraform = { "google_kms_crypto_key_iam_member", "google_kms_crypto_key_iam_binding", "google_kms_crypto_key_iam_policy",
    "google_kms_key_ring_iam_member", "google_kms_key_ring_iam_binding", "google_kms_key_ring_iam_policy" },
  id = { "id" },
  fields = { role = { string, tf = "role", live = "role" } },
  edges = {
    { "binds", tf = { "member", "members" }, live = { "member", "members" } },
    { "grants", tf = { "crypto_key_id", "key_ring_id" }, live = { "crypto_key_id", "key_ring_id" } },
  },
}

entity "gcp.secret" {
  doc = "A secret of Secret Manager.",
  terraform = { "google_secret_manager_secret", "google_secret_manager_regional_secret" },
  live = { "gcp:secretmanager:secret" },
  id = { "id", "name", "secret_id" },
  tags = "labels",
  fields = {
    name = { string, tf = "secret_id", live = "name" },
    rotation = { string, tf = "rotation.rotation_period", live = "rotation.rotationPeriod" },
    ["auto.block"] = { any, tf = { "replication.auto", "replication.automatic" }, live = "replication.automatic" },
    ["auto.key"] = { string, tf = "replication.auto.customer_managed_encryption.kms_key_name",
      live = "replication.automatic.customerManagedEncryption.kmsKeyName" },
    replicas = { list, tf = "replication.user_managed.replicas", live = "replication.userManaged.replicas" },
    ["regional.key"] = { string, tf = "customer_managed_encryption.kms_key_name", live = "customerManagedEncryption.kmsKeyName" },
  },
  edges = {
    { "encrypts", tf = "replication.auto.customer_managed_encryption.kms_key_name", reverse = true },
    { "encrypts", tf = "replication.user_managed.replicas[].customer_managed_encryption", reverse = true },
  },
}

entity "gcp.secret.version" {
  doc = "A value of a secret.",
  terraform = { "google_secret_manager_secret_version", "google_secret_manager_regional_secret_version" },
  id = { "id", "name" },
  fields = { secret = { string, tf = "secret" } },
  edges = { { "attached_to", tf = "secret" } },
}

entity "gcp.secret.binding" {
  doc = "Who has a role on a secret.",
  terraform = { "google_secret_manager_secret_iam_member", "google_secret_manager_secret_iam_binding",
    "google_secret_manager_secret_iam_policy", "google_secret_manager_regional_secret_iam_member",
    "google_secret_manager_regional_secret_iam_binding", "google_secret_manager_regional_secret_iam_policy" },
  id = { "id" },
  fields = { role = { string, tf = "role", live = "role" } },
  edges = { { "binds", tf = { "member", "members" }, live = { "member", "members" } }, { "grants", tf = "secret_id", live = "secret_id" } },
}

entity "gcp.scc.source" {
  doc = "That Security Command Center is set up for an organisation: its sources and settings.",
  terraform = { "google_scc_source", "google_scc_v2_organization_source", "google_scc_organization_settings", "google_scc_mute_config",
    "google_scc_v2_organization_mute_config" },
  live = { "gcp:securitycenter:source", "gcp:securitycenter:organizationsettings" },
  id = { "name", "id" },
  fields = {},
}

entity "gcp.scc.notification" {
  doc = "Where Security Command Center sends its findings.",
  terraform = { "google_scc_notification_config", "google_scc_v2_organization_notification_config",
    "google_scc_folder_notification_config", "google_scc_project_notification_config", "google_scc_v2_folder_notification_config",
    "google_scc_v2_project_notification_config", "google_scc_organization_scc_big_query_export",
    "google_scc_folder_scc_big_query_export", "google_scc_project_scc_big_query_export",
    "google_scc_v2_organization_scc_big_query_export", "google_scc_v2_organization_scc_big_query_exports",
    "google_scc_v2_folder_scc_big_query_export", "google_scc_v2_project_scc_big_query_export" },
  live = { "gcp:securitycenter:notificationconfig" },
  id = { "name", "id" },
  fields = {},
  edges = { { "logs_to", tf = { "pubsub_topic", "dataset" }, live = "pubsubTopic" } },
}
