-- Objects of the core group that rules judge, and what configures workloads.

entity "k8s.namespace" {
  doc = "A namespace.",
  kubernetes = { "Namespace" },
  terraform = { "kubernetes_namespace", "kubernetes_namespace_v1" },
  id = { "metadata.name", "id" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
}

entity "k8s.serviceaccount" {
  doc = "The identity of pods.",
  kubernetes = { "ServiceAccount" },
  terraform = { "kubernetes_service_account", "kubernetes_service_account_v1", "kubernetes_default_service_account",
    "kubernetes_default_service_account_v1" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = {
    name = { string, "metadata.name",
      ["kubernetes_default_service_account"] = { "metadata.name" },
    },
    automount = { bool, tf = "automount_service_account_token", "automountServiceAccountToken", default = true,
      doc = "Pods get a token of this account unless they refuse." },
  },
  edges = {
    { "contains", "metadata.namespace", to = "k8s.namespace", reverse = true },
    { "references", "imagePullSecrets[].name", to = "k8s.secret" },
    { "references", "secrets[].name", to = "k8s.secret" },
  },
}

entity "k8s.configmap" {
  doc = "Configuration as keys and values.",
  kubernetes = { "ConfigMap" },
  terraform = { "kubernetes_config_map", "kubernetes_config_map_v1", "kubernetes_config_map_v1_data" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = {
    name = { string, "metadata.name" },
    data = { map, "data" },
  },
}

entity "k8s.secret" {
  doc = "A Secret.",
  kubernetes = { "Secret" },
  terraform = { "kubernetes_secret", "kubernetes_secret_v1" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = {
    name = { string, "metadata.name" },
    secret_type = { string, "type", default = "Opaque" },
  },
}

entity "k8s.limitrange" {
  doc = "Default and greatest requests of a namespace.",
  kubernetes = { "LimitRange" },
  terraform = { "kubernetes_limit_range", "kubernetes_limit_range_v1" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
  edges = {
    { "attached_to", "metadata.namespace", to = "k8s.namespace" },
  },
}

entity "k8s.resourcequota" {
  doc = "What a namespace may use in total.",
  kubernetes = { "ResourceQuota" },
  terraform = { "kubernetes_resource_quota", "kubernetes_resource_quota_v1" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
  edges = {
    { "attached_to", "metadata.namespace", to = "k8s.namespace" },
  },
}

entity "k8s.persistentvolumeclaim" {
  doc = "A claim for storage.",
  kubernetes = { "PersistentVolumeClaim" },
  terraform = { "kubernetes_persistent_volume_claim", "kubernetes_persistent_volume_claim_v1" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
  edges = {
    { "references", "spec.storageClassName", to = "k8s.storageclass" },
    { "attached_to", "spec.volumeName", to = "k8s.persistentvolume" },
    { "references", "spec.dataSource", to = "k8s.volumesnapshot", match = "reference" },
  },
}

entity "externalsecrets.store" {
  doc = "A place that external secrets are read from.",
  kubernetes = { "external-secrets.io/SecretStore", "external-secrets.io/ClusterSecretStore" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
}

entity "externalsecrets.secret" {
  doc = "A Secret that an operator fills from an outside store.",
  kubernetes = { "external-secrets.io/ExternalSecret", "external-secrets.io/ClusterExternalSecret",
    "secrets-store.csi.x-k8s.io/SecretProviderClass", "bitnami.com/SealedSecret" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
  edges = {
    { "references", "spec.secretStoreRef", to = "externalsecrets.store", match = "reference" },
    { "declares", "spec.target.name", to = "k8s.secret" },
  },
}
