local rbac = lib "rbac"

return rule {
  id = "K8S-RBAC-005", title = "Role can run commands in pods or reach the node proxy",
  severity = "high", category = "least-privilege",
  aliases = { CKV2_K8S_2 = "bound", ["AVD-KSV-0047"] = "proxy", ["AVD-KSV-0053"] = "exec", ["AVD-KSV-0054"] = "attach" },
  frameworks = { "CIS-K8S-1.9:5.1.10", "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3",
    "ISO27001-2022:A.5.15" },
  for_each = { "k8s.role", "k8s.rolebinding" },
  description = [[A command in a running pod acts with the pod's identity and data. The proxy of a node reaches its kubelet, and
through it every container of the node, past admission and audit.]],
  remediation = [[Remove `pods/exec`, `pods/attach` and `nodes/proxy`; give them to people for the time of an incident.]],
  references = { "https://kubernetes.io/docs/concepts/security/rbac-good-practices/" },
  check = function(e)
    if e.kind == "k8s.rolebinding" then
      return rbac.judge(e, { "" }, { "nodes/proxy", "pods/exec" }, { "create" }, { bound = "bound" })
    end
    return each({ "exec", "attach", "proxy" }, function(case)
      local resource = case == "proxy" and "nodes/proxy" or "pods/" .. case
      return rbac.judge(e, { "" }, { resource }, { "create", "get" }, { case = case })
    end)
  end,
  tests = {
    fail = { yaml [[
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: fire }
rules: [{ apiGroups: [""], resources: [pods/exec], verbs: [create] }]
]] },
    pass = { yaml [[
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: dont-fire }
rules: [{ apiGroups: [""], resources: [pods, pods/log], verbs: [get] }]
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
