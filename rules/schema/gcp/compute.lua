-- Compute Engine: machines, their templates, disks and metadata.

local template = "gcp:compute:instancetemplate"

entity "gcp.compute.instance" {
  doc = "A virtual machine, or a template of such.",
  terraform = { "google_compute_instance", "google_compute_instance_template", "google_compute_region_instance_template",
    "google_compute_instance_from_template" },
  live = { "gcp:compute:instance", template },
  id = { "name", "id", "self_link", "self_link_unique", "instance_id", "selfLink" },
  tags = "labels",
  fields = {
    name = { string, tf = "name", live = "name" },
    zone = { string, tf = { "zone", "region" }, live = "zone" },
    interfaces = { list, tf = "network_interface", live = "networkInterfaces", [template] = "properties.networkInterfaces" },
    metadata = { any, tf = "metadata", live = "metadata.items", [template] = "properties.metadata.items" },
    ["account.block"] = { any, tf = "service_account", live = "serviceAccounts", [template] = "properties.serviceAccounts" },
    ["account.email"] = { string, tf = "service_account.email", live = "serviceAccounts.email",
      [template] = "properties.serviceAccounts.email" },
    ["account.scopes"] = { list, tf = "service_account.scopes", live = "serviceAccounts.scopes",
      [template] = "properties.serviceAccounts.scopes" },
    forwards = { bool, tf = "can_ip_forward", live = "canIpForward", [template] = "properties.canIpForward", default = false,
      doc = "The machine sends packets that do not have its address." },
    ["shielded.block"] = { any, tf = "shielded_instance_config", live = "shieldedInstanceConfig",
      [template] = "properties.shieldedInstanceConfig" },
    ["shielded.vtpm"] = { bool, tf = "shielded_instance_config.enable_vtpm", live = "shieldedInstanceConfig.enableVtpm",
      [template] = "properties.shieldedInstanceConfig.enableVtpm", default = true },
    ["shielded.integrity"] = { bool, tf = "shielded_instance_config.enable_integrity_monitoring",
      live = "shieldedInstanceConfig.enableIntegrityMonitoring",
      [template] = "properties.shieldedInstanceConfig.enableIntegrityMonitoring", default = true },
    ["shielded.secure_boot"] = { bool, tf = "shielded_instance_config.enable_secure_boot",
      live = "shieldedInstanceConfig.enableSecureBoot", [template] = "properties.shieldedInstanceConfig.enableSecureBoot",
      default = false },
    deletion_protection = { bool, tf = "deletion_protection", live = "deletionProtection", default = false },
  },
  edges = {
    { "runs_as", tf = "service_account.email", live = "serviceAccounts.email" },
    { "attached_to", tf = "network_interface[].subnetwork", live = "networkInterfaces[].subnetwork" },
    { "attached_to", tf = "network_interface[].network", live = "networkInterfaces[].network" },
    { "mounts", tf = { "attached_disk[].source", "disk[].source" }, live = "disks[].source" },
    { "encrypts", tf = "boot_disk.kms_key_self_link", live = "disks[].diskEncryptionKey.kmsKeyName", reverse = true },
  },
}

entity "gcp.compute.instance_binding" {
  doc = "Who has a role on a virtual machine.",
  terraform = { "google_compute_instance_iam_member", "google_compute_instance_iam_binding", "google_compute_instance_iam_policy" },
  id = { "id" },
  fields = { role = { string, tf = "role", live = "role" } },
  edges = { { "binds", tf = { "member", "members" }, live = { "member", "members" } }, { "grants", tf = "instance_name", live = "instance_name" } },
}

entity "gcp.compute.metadata" {
  doc = "Metadata that all machines of a project get.",
  terraform = { "google_compute_project_metadata", "google_compute_project_metadata_item" },
  live = { "gcp:compute:project" },
  id = { "id" },
  fields = {
    metadata = { any, tf = "metadata", live = "commonInstanceMetadata.items" },
    key = { string, tf = "key" },
    value = { string, tf = "value" },
  },
}

entity "gcp.compute.disk" {
  doc = "A persistent disk.",
  terraform = { "google_compute_disk", "google_compute_region_disk" },
  live = { "gcp:compute:disk", "gcp:compute:regiondisk" },
  id = { "name", "id", "self_link", "disk_id", "selfLink" },
  tags = "labels",
  satellites = {
    schedule = { "google_compute_disk_resource_policy_attachment", "google_compute_region_disk_resource_policy_attachment",
      by = "disk" },
  },
  fields = {
    name = { string, tf = "name", live = "name" },
    zone = { string, tf = { "zone", "region" }, live = { "zone", "region" } },
    ["key.block"] = { any, tf = "disk_encryption_key", live = "diskEncryptionKey" },
    ["key.kms"] = { string, tf = "disk_encryption_key.kms_key_self_link", live = "diskEncryptionKey.kmsKeyName" },
    ["key.raw"] = { string, tf = "disk_encryption_key.raw_key" },
    policies = { list, tf = "resource_policies", live = "resourcePolicies" },
  },
  edges = {
    { "encrypts", tf = "disk_encryption_key.kms_key_self_link", live = "diskEncryptionKey.kmsKeyName", reverse = true },
    { "backs_up", tf = "resource_policies", live = "resourcePolicies", reverse = true },
  },
}

entity "gcp.compute.disk_schedule" {
  doc = "The attachment of a policy to a disk.",
  terraform = { "google_compute_disk_resource_policy_attachment", "google_compute_region_disk_resource_policy_attachment" },
  id = { "id" },
  fields = { disk = { string, tf = "disk" }, policy = { string, tf = "name" } },
  edges = { { "references", tf = "name" } },
}

entity "gcp.compute.resource_policy" {
  doc = "A schedule of snapshots, of starts and stops, or a placement.",
  terraform = { "google_compute_resource_policy" },
  live = { "gcp:compute:resourcepolicy" },
  id = { "name", "id", "self_link", "selfLink" },
  fields = {
    name = { string, tf = "name", live = "name" },
    snapshots = { any, tf = "snapshot_schedule_policy", live = "snapshotSchedulePolicy" },
    locations = { list, tf = "snapshot_schedule_policy.snapshot_properties.storage_locations",
      live = "snapshotSchedulePolicy.snapshotProperties.storageLocations" },
  },
}

entity "gcp.compute.snapshot" {
  doc = "A copy of a disk.",
  terraform = { "google_compute_snapshot" },
  live = { "gcp:compute:snapshot" },
  id = { "name", "id", "self_link", "selfLink" },
  tags = "labels",
  fields = { disk = { string, tf = "source_disk", live = "sourceDisk" } },
  edges = { { "backs_up", tf = "source_disk", live = "sourceDisk" } },
}

entity "gcp.compute.address" {
  doc = "An address that is reserved.",
  terraform = { "google_compute_address", "google_compute_global_address" },
  live = { "gcp:compute:address", "gcp:compute:globaladdress" },
  id = { "address", "self_link", "id", "selfLink" },
  tags = "labels",
  fields = { name = { string, tf = "name", live = "name" } },
}
