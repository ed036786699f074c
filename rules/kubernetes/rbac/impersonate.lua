local rbac = lib "rbac"

return rule {
  id = "K8S-RBAC-007", title = "Role can impersonate",
  severity = "high", category = "least-privilege",
  aliases = { CKV2_K8S_3 = "bound", ["AVD-KSV-0043"] = "role" },
  frameworks = { "CIS-K8S-1.9:5.1.8", "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3",
    "ISO27001-2022:A.5.15" },
  for_each = { "k8s.role", "k8s.rolebinding" },
  description = [[Who may impersonate acts with the rights of any user or group, `system:masters` among them.]],
  remediation = [[Remove the verb, or name whom to impersonate in `resourceNames`.]],
  references = { "https://kubernetes.io/docs/reference/access-authn-authz/user-impersonation/" },
  check = function(e)
    return rbac.judge(e, { "", "authentication.k8s.io" }, { "users", "groups", "serviceaccounts", "uids" }, { "impersonate" },
      { case = "role", bound = "bound", unless_named = true })
  end,
  tests = {
    fail = { yaml [[
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: fire }
rules: [{ apiGroups: [""], resources: [users, groups], verbs: [impersonate] }]
]] },
    pass = { yaml [[
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: dont-fire }
rules: [{ apiGroups: [""], resources: [serviceaccounts], verbs: [get] }]
]] },
    unknown = { [[
variable "v" {}
resource "kubernetes_cluster_role" "a" {
  metadata { name = "a" }
  rule {
    api_groups = [""]
    resources  = ["secrets"]
    verbs      = var.v
  }
}]] },
  },
}
