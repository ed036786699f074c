-- Roles that every cluster has, and who is bound to them from the start: plugin/pkg/auth/authorizer/rbac/bootstrappolicy of
-- Kubernetes 1.30 (policy.go, controller_policy.go). Of the controllers' roles those are here that lead to more rights.
--
-- A rule is { groups, resources, verbs, names = … } or { urls = …, verbs = … }; lists are texts with spaces, "core" is the
-- group without a name.

local read, write = "get list watch", "create delete deletecollection patch update"
local all = "create delete deletecollection get list patch update watch"

roles = {
  ["cluster-admin"] = { { "*", "*", "*" }, { urls = "*", verbs = "*" } },

  -- What admin, edit and view are put together from. Other ClusterRoles join them by the same labels.
  ["system:aggregate-to-admin"] = {
    labels = { "aggregate-to-admin" },
    { "authorization.k8s.io", "localsubjectaccessreviews", "create" },
    { "rbac.authorization.k8s.io", "rolebindings roles", all },
  },
  ["system:aggregate-to-edit"] = {
    labels = { "aggregate-to-edit" },
    { "core", "pods/attach pods/exec pods/portforward pods/proxy secrets services/proxy", read },
    { "core", "serviceaccounts", "impersonate" },
    { "core", "pods pods/attach pods/exec pods/portforward pods/proxy", write },
    { "core", "pods/eviction", "create" },
    { "core", "configmaps events persistentvolumeclaims replicationcontrollers replicationcontrollers/scale secrets serviceaccounts services services/proxy", write },
    { "core", "serviceaccounts/token", "create" },
    { "apps", "daemonsets deployments deployments/rollback deployments/scale replicasets replicasets/scale statefulsets statefulsets/scale", write },
    { "autoscaling", "horizontalpodautoscalers", write },
    { "batch", "cronjobs jobs", write },
    { "policy", "poddisruptionbudgets", write },
    { "networking.k8s.io", "ingresses networkpolicies", write },
    { "coordination.k8s.io", "leases", all },
  },
  ["system:aggregate-to-view"] = {
    labels = { "aggregate-to-view" },
    { "core", "configmaps endpoints persistentvolumeclaims persistentvolumeclaims/status pods replicationcontrollers replicationcontrollers/scale serviceaccounts services services/status", read },
    { "core", "bindings events limitranges namespaces namespaces/status pods/log pods/status replicationcontrollers/status resourcequotas resourcequotas/status", read },
    { "discovery.k8s.io", "endpointslices", read },
    { "apps", "controllerrevisions daemonsets daemonsets/status deployments deployments/scale deployments/status replicasets replicasets/scale replicasets/status statefulsets statefulsets/scale statefulsets/status", read },
    { "autoscaling", "horizontalpodautoscalers horizontalpodautoscalers/status", read },
    { "batch", "cronjobs cronjobs/status jobs jobs/status", read },
    { "policy", "poddisruptionbudgets poddisruptionbudgets/status", read },
    { "networking.k8s.io", "ingresses ingresses/status networkpolicies", read },
  },
  ["admin"] = { aggregates = "aggregate-to-admin" },
  ["edit"] = { aggregates = "aggregate-to-edit", labels = { "aggregate-to-admin" } },
  ["view"] = { aggregates = "aggregate-to-view", labels = { "aggregate-to-edit" } },

  ["system:basic-user"] = {
    { "authorization.k8s.io", "selfsubjectaccessreviews selfsubjectrulesreviews", "create" },
    { "authentication.k8s.io", "selfsubjectreviews", "create" },
  },
  ["system:discovery"] = {
    { urls = "/api /api/* /apis /apis/* /healthz /livez /openapi /openapi/* /readyz /version /version/", verbs = "get" },
  },
  ["system:public-info-viewer"] = { { urls = "/healthz /livez /readyz /version /version/", verbs = "get" } },
  ["system:service-account-issuer-discovery"] = {
    { urls = "/.well-known/openid-configuration /.well-known/openid-configuration/ /openid/v1/jwks /openid/v1/jwks/", verbs = "get" },
  },
  ["system:auth-delegator"] = {
    { "authentication.k8s.io", "tokenreviews", "create" },
    { "authorization.k8s.io", "subjectaccessreviews", "create" },
  },
  ["system:monitoring"] = {
    { urls = "/healthz /healthz/* /livez /livez/* /metrics /metrics/slis /readyz /readyz/*", verbs = "get" },
  },
  ["system:kubelet-api-admin"] = {
    { "core", "nodes", "get list watch" },
    { "core", "nodes", "proxy" },
    { "core", "nodes/log nodes/metrics nodes/proxy nodes/stats", "*" },
  },
  ["system:node-bootstrapper"] = {
    { "certificates.k8s.io", "certificatesigningrequests", "create get list watch" },
  },
  ["system:persistent-volume-provisioner"] = {
    { "core", "persistentvolumes", "create delete get list watch" },
    { "core", "persistentvolumeclaims", "get list update watch" },
    { "storage.k8s.io", "storageclasses", read },
    { "core", "events", "watch" },
    { "core", "events", "create patch update" },
  },
  ["system:certificates.k8s.io:kube-apiserver-client-approver"] = {
    { "certificates.k8s.io", "signers", "approve", names = "kubernetes.io/kube-apiserver-client" },
  },
  ["system:kube-controller-manager"] = {
    { "core events.k8s.io", "events", "create patch update" },
    { "coordination.k8s.io", "leases", "create" },
    { "core", "secrets serviceaccounts", "create get update" },
    { "core", "secrets", "delete" },
    { "core", "configmaps namespaces", "get" },
    { "authentication.k8s.io", "tokenreviews", "create" },
    { "authorization.k8s.io", "subjectaccessreviews", "create" },
    { "*", "*", "list watch" },
    { "core", "serviceaccounts/token", "create" },
  },
  ["system:controller:clusterrole-aggregation-controller"] = {
    { "rbac.authorization.k8s.io", "clusterroles", "escalate get list patch update watch" },
  },
}

bindings = {
  { "cluster-admin", "Group", "system:masters" },
  { "system:basic-user", "Group", "system:authenticated" },
  { "system:discovery", "Group", "system:authenticated" },
  { "system:public-info-viewer", "Group", "system:authenticated" },
  { "system:public-info-viewer", "Group", "system:unauthenticated" },
  { "system:service-account-issuer-discovery", "Group", "system:serviceaccounts" },
  { "system:monitoring", "Group", "system:monitoring" },
  { "system:kube-controller-manager", "User", "system:kube-controller-manager" },
  { "system:controller:clusterrole-aggregation-controller", "ServiceAccount", "kube-system/clusterrole-aggregation-controller" },
}

-- The API group of what is asked for by its plain name; anything else is written "resource.group".
groups = {
  [""] = "bindings configmaps endpoints events limitranges namespaces nodes persistentvolumeclaims persistentvolumes pods podtemplates "
    .. "replicationcontrollers resourcequotas secrets serviceaccounts services users groups",
  ["apps"] = "controllerrevisions daemonsets deployments replicasets statefulsets",
  ["batch"] = "cronjobs jobs",
  ["autoscaling"] = "horizontalpodautoscalers",
  ["policy"] = "poddisruptionbudgets",
  ["networking.k8s.io"] = "ingressclasses ingresses networkpolicies",
  ["rbac.authorization.k8s.io"] = "clusterrolebindings clusterroles rolebindings roles",
  ["storage.k8s.io"] = "csidrivers csinodes storageclasses volumeattachments",
  ["admissionregistration.k8s.io"] = "mutatingwebhookconfigurations validatingadmissionpolicies validatingadmissionpolicybindings validatingwebhookconfigurations",
  ["apiextensions.k8s.io"] = "customresourcedefinitions",
  ["apiregistration.k8s.io"] = "apiservices",
  ["certificates.k8s.io"] = "certificatesigningrequests signers",
  ["coordination.k8s.io"] = "leases",
  ["discovery.k8s.io"] = "endpointslices",
  ["scheduling.k8s.io"] = "priorityclasses",
  ["authentication.k8s.io"] = "tokenreviews userextras selfsubjectreviews",
  ["authorization.k8s.io"] = "localsubjectaccessreviews selfsubjectaccessreviews selfsubjectrulesreviews subjectaccessreviews",
}
