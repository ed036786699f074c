local rbac = lib "rbac"

return rule {
  id = "K8S-RBAC-003", title = "Role can read or change Secrets",
  severity = "high", category = "least-privilege",
  aliases = {
    CKV2_K8S_5 = "bound", ["AVD-KSV-0041"] = "role", ["AVD-KSV-0113"] = "role", ["access-to-secrets"] = "role",
  },
  frameworks = { "CIS-K8S-1.9:5.1.2", "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3",
    "ISO27001-2022:A.5.15" },
  for_each = { "k8s.role", "k8s.rolebinding" },
  description = [[Who reads the Secrets of a namespace has the tokens and passwords of all that runs there; who lists or watches
them sees their values too.]],
  remediation = [[Name the Secrets in `resourceNames` with the verb `get`, or remove the right.]],
  references = { "https://kubernetes.io/docs/concepts/security/rbac-good-practices/" },
  check = function(e)
    return rbac.judge(e, { "" }, { "secrets" }, { "get", "list", "watch", "create", "update", "patch", "delete", "deletecollection" },
      { case = "role", bound = "bound", unless_named = true })
  end,
  tests = {
    fail = { yaml [[
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: fire }
rules: [{ apiGroups: [""], resources: [secrets], verbs: [list] }]
]], yaml [[
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: fire-too }
rules: [{ apiGroups: [""], resources: ["*"], verbs: [get] }]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: fire }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: fire-too }
subjects: [{ kind: ServiceAccount, name: app, namespace: ops }]
]] },
    pass = { yaml [[
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: dont-fire }
rules:
  - { apiGroups: [""], resources: [secrets], resourceNames: [db], verbs: [get] }
  - { apiGroups: [""], resources: [pods], verbs: [list] }
]] },
    unknown = { [[
variable "verbs" { type = list(string) }
resource "kubernetes_role" "a" {
  metadata { name = "a" }
  rule {
    api_groups = [""]
    resources  = ["secrets"]
    verbs      = var.verbs
  }
}]] },
  },
}
