-- Everything that makes pods. `pod` is the pod's spec and `template` its metadata, wherever the
-- kind keeps them; in Terraform both have the provider's spelling (host_network, container …),
-- which lib/pod.lua evens out.

-- An edge to what a place below the pod's specification names.
local function in_pod(kind, path, to)
  return { kind, ["Pod"] = "spec." .. path, ["batch/CronJob"] = "spec.jobTemplate.spec.template.spec." .. path,
    all = "spec.template.spec." .. path, to = to }
end

entity "k8s.workload" {
  doc = "A pod, or a controller that makes pods from a template.",
  kubernetes = {
    "Pod", "ReplicationController", "apps/Deployment", "apps/StatefulSet", "apps/DaemonSet", "apps/ReplicaSet",
    "extensions/Deployment", "extensions/DaemonSet", "extensions/ReplicaSet", "batch/Job", "batch/CronJob",
    "apps.openshift.io/DeploymentConfig", "DeploymentConfig", "argoproj.io/Rollout",
  },
  terraform = {
    "kubernetes_pod", "kubernetes_pod_v1", "kubernetes_replication_controller", "kubernetes_replication_controller_v1",
    "kubernetes_deployment", "kubernetes_deployment_v1", "kubernetes_stateful_set", "kubernetes_stateful_set_v1",
    "kubernetes_daemonset", "kubernetes_daemon_set_v1", "kubernetes_job", "kubernetes_job_v1",
    "kubernetes_cron_job", "kubernetes_cron_job_v1",
  },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = {
    name = { string, "metadata.name" },
    namespace = { string, "metadata.namespace" },
    pod = { any,
      tf = { "spec.job_template.spec.template.spec", "spec.template.spec" },
      ["kubernetes_pod"] = "spec", ["kubernetes_pod_v1"] = "spec", ["Pod"] = "spec",
      ["batch/CronJob"] = "spec.jobTemplate.spec.template.spec",
      "spec.template.spec",
      doc = "The pod's specification." },
    template = { any,
      tf = { "spec.job_template.spec.template.metadata", "spec.template.metadata" },
      ["kubernetes_pod"] = "metadata", ["kubernetes_pod_v1"] = "metadata", ["Pod"] = "metadata",
      ["batch/CronJob"] = "spec.jobTemplate.spec.template.metadata",
      "spec.template.metadata",
      doc = "The pod's metadata: labels and annotations." },
  },
  edges = {
    { "contains", "metadata.namespace", to = "k8s.namespace", reverse = true },
    in_pod("runs_as", "serviceAccountName", "k8s.serviceaccount"),
    in_pod("mounts", "volumes[].configMap.name", "k8s.configmap"),
    in_pod("mounts", "volumes[].secret.secretName", "k8s.secret"),
    in_pod("mounts", "volumes[].persistentVolumeClaim.claimName", "k8s.persistentvolumeclaim"),
    in_pod("mounts", "volumes[].projected.sources[].configMap.name", "k8s.configmap"),
    in_pod("mounts", "volumes[].projected.sources[].secret.name", "k8s.secret"),
    in_pod("references", "containers[].envFrom[].configMapRef.name", "k8s.configmap"),
    in_pod("references", "containers[].envFrom[].secretRef.name", "k8s.secret"),
    in_pod("references", "containers[].env[].valueFrom.configMapKeyRef.name", "k8s.configmap"),
    in_pod("references", "containers[].env[].valueFrom.secretKeyRef.name", "k8s.secret"),
    in_pod("references", "initContainers[].envFrom[].secretRef.name", "k8s.secret"),
    in_pod("references", "initContainers[].env[].valueFrom.secretKeyRef.name", "k8s.secret"),
    in_pod("references", "imagePullSecrets[].name", "k8s.secret"),
    in_pod("references", "priorityClassName", "k8s.priorityclass"),
    in_pod("references", "runtimeClassName", "k8s.runtimeclass"),
    { "references", "spec.volumeClaimTemplates[].spec.storageClassName", to = "k8s.storageclass" },
    { "routes_to", "spec.serviceName", to = "k8s.service", reverse = true },
  },
}

entity "k8s.podsecuritypolicy" {
  doc = "A pod security policy; served until Kubernetes 1.25.",
  kubernetes = { "policy/PodSecurityPolicy", "extensions/PodSecurityPolicy" },
  terraform = { "kubernetes_pod_security_policy", "kubernetes_pod_security_policy_v1beta1" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
}

entity "openshift.securitycontextconstraints" {
  doc = "What pods may ask for on OpenShift.",
  kubernetes = { "security.openshift.io/SecurityContextConstraints" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = {
    name = { string, "metadata.name" },
    privileged = { bool, "allowPrivilegedContainer", default = false },
  },
}

entity "k8s.horizontalpodautoscaler" {
  doc = "Changes the number of replicas with the load.",
  kubernetes = { "autoscaling/HorizontalPodAutoscaler" },
  terraform = { "kubernetes_horizontal_pod_autoscaler", "kubernetes_horizontal_pod_autoscaler_v1",
    "kubernetes_horizontal_pod_autoscaler_v2", "kubernetes_horizontal_pod_autoscaler_v2beta2" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = {
    name = { string, "metadata.name" },
    minimum = { number, tf = "spec.min_replicas", "spec.minReplicas", default = 1 },
  },
  edges = {
    { "attached_to", "spec.scaleTargetRef", to = "k8s.workload", match = "reference" },
  },
}

entity "k8s.poddisruptionbudget" {
  doc = "How many pods may be away at once.",
  kubernetes = { "policy/PodDisruptionBudget" },
  terraform = { "kubernetes_pod_disruption_budget", "kubernetes_pod_disruption_budget_v1" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
  edges = {
    { "selects", "spec.selector", to = "k8s.workload", match = "selector" },
  },
}

entity "k8s.priorityclass" {
  doc = "A priority that pods may name.",
  kubernetes = { "scheduling.k8s.io/PriorityClass" },
  terraform = { "kubernetes_priority_class", "kubernetes_priority_class_v1" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
}
