local rbac = lib "rbac"

return rule {
  id = "K8S-RBAC-010", title = "Role can redirect traffic or change the network",
  severity = "medium", category = "least-privilege",
  aliases = { CKV2_K8S_4 = "bound", ["AVD-KSV-0056"] = "role" },
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = { "k8s.role", "k8s.rolebinding" },
  description = [[Who changes Services, endpoints or the status of a Service can send the traffic of others to himself
(CVE-2020-8554); who changes network policies opens the way. Controllers that do this stand in the parameter
`network_controllers` (names, with `*`).]],
  remediation = [[Leave these rights to the controllers of the network.]],
  references = { "https://kubernetes.io/docs/concepts/security/rbac-good-practices/" },
  check = function(e)
    for _, allowed in ipairs(param("network_controllers", {})) do
      if glob(e.name, allowed) then return end
    end
    if e.kind == "k8s.rolebinding" then
      return rbac.judge(e, { "" }, { "services/status" }, { "update", "patch" }, { bound = "bound" })
    end
    return rbac.judge(e, { "", "networking.k8s.io", "discovery.k8s.io" },
      { "services", "services/status", "endpoints", "endpointslices", "ingresses", "networkpolicies" },
      { "create", "update", "patch", "delete", "deletecollection" }, { case = "role" })
  end,
  tests = {
    fail = { yaml [[
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: fire }
rules: [{ apiGroups: [networking.k8s.io], resources: [networkpolicies], verbs: [delete] }]
]] },
    pass = { yaml [[
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: dont-fire }
rules: [{ apiGroups: [""], resources: [services, endpoints], verbs: [get, list, watch] }]
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
