-- What changes the number and size of pods and nodes.

entity "k8s.verticalpodautoscaler" {
  doc = "Changes the requests of pods.",
  kubernetes = { "autoscaling.k8s.io/VerticalPodAutoscaler" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = {
    name = { string, "metadata.name" },
    mode = { string, "spec.updatePolicy.updateMode", default = "Auto" },
  },
  edges = {
    { "attached_to", "spec.targetRef", to = "k8s.workload", match = "reference" },
  },
}

entity "keda.scaledobject" {
  doc = "Scales by events.",
  kubernetes = { "keda.sh/ScaledObject", "keda.sh/ScaledJob" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = {
    name = { string, "metadata.name" },
    minimum = { number, "spec.minReplicaCount", default = 0 },
  },
  edges = {
    { "attached_to", "spec.scaleTargetRef", to = "k8s.workload", match = "reference" },
    { "references", "spec.triggers[].authenticationRef", to = "keda.authentication", match = "reference" },
  },
}

entity "keda.authentication" {
  doc = "How scalers log in.",
  kubernetes = { "keda.sh/TriggerAuthentication", "keda.sh/ClusterTriggerAuthentication" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
}

entity "karpenter.nodepool" {
  doc = "Nodes that Karpenter makes.",
  kubernetes = { "karpenter.sh/NodePool", "karpenter.sh/Provisioner" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
  edges = {
    { "references", "spec.template.spec.nodeClassRef", to = "karpenter.nodeclass", match = "reference" },
  },
}

entity "karpenter.nodeclass" {
  doc = "How the cloud makes Karpenter's nodes.",
  kubernetes = { "karpenter.k8s.aws/EC2NodeClass", "karpenter.k8s.aws/AWSNodeTemplate" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
}

entity "k8s.apiservice" {
  doc = "An API that an extension server serves.",
  kubernetes = { "apiregistration.k8s.io/APIService" },
  terraform = { "kubernetes_api_service", "kubernetes_api_service_v1" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = {
    name = { string, "metadata.name" },
    insecure = { bool, tf = "spec.insecure_skip_tls_verify", "spec.insecureSkipTLSVerify", default = false },
  },
  edges = {
    { "routes_to", "spec.service", to = "k8s.service", match = "reference" },
  },
}
