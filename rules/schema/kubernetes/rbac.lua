-- Roles and what binds them; lib/rbac.lua reads their rules and subjects.

entity "k8s.role" {
  doc = "A Role or ClusterRole: verbs on resources.",
  kubernetes = { "rbac.authorization.k8s.io/Role", "rbac.authorization.k8s.io/ClusterRole" },
  terraform = { "kubernetes_role", "kubernetes_role_v1", "kubernetes_cluster_role", "kubernetes_cluster_role_v1" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = { name = { string, "metadata.name" } },
}

entity "k8s.rolebinding" {
  doc = "A RoleBinding or ClusterRoleBinding: a role's rights for subjects.",
  kubernetes = { "rbac.authorization.k8s.io/RoleBinding", "rbac.authorization.k8s.io/ClusterRoleBinding" },
  terraform = { "kubernetes_role_binding", "kubernetes_role_binding_v1", "kubernetes_cluster_role_binding",
    "kubernetes_cluster_role_binding_v1" },
  id = { "metadata.name" },
  tags = "metadata.labels",
  fields = {
    name = { string, "metadata.name" },
    role_kind = { string, tf = "role_ref.kind", "roleRef.kind" },
    role_name = { string, tf = "role_ref.name", "roleRef.name" },
  },
  edges = {
    { "binds", "roleRef", to = "k8s.role", match = "reference" },
    { "grants", "subjects", to = "k8s.serviceaccount", match = "reference" },
  },
}
