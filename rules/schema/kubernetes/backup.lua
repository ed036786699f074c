-- Backups of the cluster's objects and volumes.

entity "velero.schedule" {
  doc = "A recurring backup.",
  kubernetes = { "velero.io/Schedule" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = {
    name = { string, "metadata.name" },
    cron = { string, "spec.schedule" },
    ttl = { string, "spec.template.ttl", default = "720h0m0s" },
    paused = { bool, "spec.paused", default = false },
  },
  edges = {
    { "backs_up", "spec.template.includedNamespaces", to = "k8s.namespace" },
    { "references", "spec.template.storageLocation", to = "velero.storagelocation" },
  },
}

entity "velero.backup" {
  doc = "One backup, or the restoring of one.",
  kubernetes = { "velero.io/Backup", "velero.io/Restore" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
  edges = {
    { "backs_up", "spec.includedNamespaces", to = "k8s.namespace" },
    { "references", "spec.storageLocation", to = "velero.storagelocation" },
  },
}

entity "velero.storagelocation" {
  doc = "Where Velero keeps backups.",
  kubernetes = { "velero.io/BackupStorageLocation" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = {
    name = { string, "metadata.name" },
    provider = { string, "spec.provider" },
    bucket = { string, "spec.objectStorage.bucket" },
    region = { string, "spec.config.region" },
    key = { string, "spec.config.kmsKeyId" },
  },
  edges = {
    { "references", "spec.credential.name", to = "k8s.secret" },
  },
}

entity "velero.snapshotlocation" {
  doc = "Where Velero keeps snapshots of volumes.",
  kubernetes = { "velero.io/VolumeSnapshotLocation" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = {
    name = { string, "metadata.name" },
    provider = { string, "spec.provider" },
  },
}

entity "backup.schedule" {
  doc = "A schedule of another backup operator.",
  kubernetes = {
    "volsync.backube/ReplicationSource", "snapscheduler.backube/SnapshotSchedule", "k8up.io/Schedule",
    "longhorn.io/RecurringJob", "config.kio.kasten.io/Policy", "stash.appscode.com/BackupConfiguration",
  },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
  edges = {
    { "backs_up", "spec.sourcePVC", to = "k8s.persistentvolumeclaim" },
  },
}
