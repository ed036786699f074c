local rbac = lib "rbac"

return rule {
  id = "K8S-RBAC-004", title = "Role can create or change workloads",
  severity = "medium", category = "least-privilege",
  aliases = { "AVD-KSV-0048", "access-to-create-pods" },
  frameworks = { "CIS-K8S-1.9:5.1.4", "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3",
    "ISO27001-2022:A.5.15" },
  for_each = { "k8s.role", "k8s.rolebinding" },
  description = [[Who creates pods in a namespace chooses their service account and mounts its Secrets, and so has the rights of
every account there. Roles and accounts that deploy stand in the parameter `deployers` (names, with `*`).]],
  remediation = [[Leave the right to the deploying account, or list it in `deployers`.]],
  references = { "https://kubernetes.io/docs/concepts/security/rbac-good-practices/" },
  check = function(e)
    for _, allowed in ipairs(param("deployers", {})) do
      if glob(e.name, allowed) then return end
    end
    return rbac.judge(e, { "", "apps", "batch" },
      { "pods", "deployments", "statefulsets", "daemonsets", "replicasets", "replicationcontrollers", "jobs", "cronjobs" },
      { "create", "update", "patch" })
  end,
  tests = {
    fail = { yaml [[
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: fire }
rules: [{ apiGroups: [apps], resources: [deployments], verbs: [get, patch] }]
]] },
    pass = { yaml [[
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: dont-fire }
rules: [{ apiGroups: [apps], resources: [deployments], verbs: [get, list] }]
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
