-- Volumes, classes of them, drivers and snapshots.

entity "k8s.storageclass" {
  doc = "How volumes are made.",
  kubernetes = { "storage.k8s.io/StorageClass" },
  terraform = { "kubernetes_storage_class", "kubernetes_storage_class_v1" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = {
    name = { string, "metadata.name" },
    provisioner = { string, tf = "storage_provisioner", "provisioner" },
    reclaim = { string, tf = "reclaim_policy", "reclaimPolicy", default = "Delete" },
    parameters = { map, "parameters" },
  },
}

entity "k8s.persistentvolume" {
  doc = "A volume.",
  kubernetes = { "PersistentVolume" },
  terraform = { "kubernetes_persistent_volume", "kubernetes_persistent_volume_v1" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = {
    name = { string, "metadata.name" },
    reclaim = { string, tf = "spec.persistent_volume_reclaim_policy", "spec.persistentVolumeReclaimPolicy", default = "Retain" },
  },
  edges = {
    { "references", "spec.storageClassName", to = "k8s.storageclass" },
    { "attached_to", "spec.claimRef", to = "k8s.persistentvolumeclaim", match = "reference" },
  },
}

entity "k8s.csidriver" {
  doc = "A driver for volumes.",
  kubernetes = { "storage.k8s.io/CSIDriver" },
  terraform = { "kubernetes_csi_driver", "kubernetes_csi_driver_v1" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
}

entity "k8s.volumesnapshotclass" {
  doc = "How snapshots are made.",
  kubernetes = { "snapshot.storage.k8s.io/VolumeSnapshotClass" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = {
    name = { string, "metadata.name" },
    deletion = { string, "deletionPolicy" },
  },
}

entity "k8s.volumesnapshot" {
  doc = "A snapshot of a volume.",
  kubernetes = { "snapshot.storage.k8s.io/VolumeSnapshot", "snapshot.storage.k8s.io/VolumeSnapshotContent" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
  edges = {
    { "backs_up", "spec.source.persistentVolumeClaimName", to = "k8s.persistentvolumeclaim" },
    { "references", "spec.volumeSnapshotClassName", to = "k8s.volumesnapshotclass" },
  },
}
