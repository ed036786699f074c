local rbac = lib "rbac"

return rule {
  id = "K8S-RBAC-009", title = "Role controls admission webhooks",
  severity = "high", category = "least-privilege",
  aliases = { "CKV_K8S_155", "AVD-KSV-0114" },
  frameworks = { "CIS-K8S-1.9:5.1.12", "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3",
    "ISO27001-2022:A.5.15" },
  for_each = "k8s.role",
  where = function(e) return rbac.is_cluster(e) end,
  description = [[Admission webhooks see, change and refuse every object that is created. Who configures them can read Secrets on
their way and switch policies off.]],
  remediation = [[Remove the write verbs, or name the configurations in `resourceNames`.]],
  references = { "https://kubernetes.io/docs/concepts/security/rbac-good-practices/" },
  check = function(e)
    return rbac.judge(e, { "admissionregistration.k8s.io" }, { "mutatingwebhookconfigurations", "validatingwebhookconfigurations" },
      { "create", "update", "patch" })
  end,
  tests = {
    fail = { yaml [[
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: fire }
rules: [{ apiGroups: [admissionregistration.k8s.io], resources: [mutatingwebhookconfigurations], verbs: [patch] }]
]] },
    pass = { yaml [[
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: dont-fire }
rules: [{ apiGroups: [admissionregistration.k8s.io], resources: [mutatingwebhookconfigurations], verbs: [get] }]
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
