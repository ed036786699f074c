local rbac = lib "rbac"

return rule {
  id = "K8S-RBAC-013", title = "Default service account is bound to a role",
  severity = "medium", category = "least-privilege",
  aliases = { "CKV_K8S_42" },
  frameworks = { "CIS-K8S-1.9:5.1.5", "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3",
    "ISO27001-2022:A.5.15" },
  for_each = "k8s.rolebinding",
  description = [[What is given to the account `default` is given to every pod of the namespace that names no other.]],
  remediation = [[Make an account for the workload and bind that.]],
  references = { "https://kubernetes.io/docs/concepts/security/service-accounts/" },
  check = function(e)
    return each(rbac.subjects(e), function(subject)
      if subject.kind == "ServiceAccount" and subject.name == "default" then
        return fail("binding " .. e.name .. " gives role " .. (e.role_name or "") .. " to the default service account", { at = subject })
      end
    end)
  end,
  tests = {
    fail = { yaml [[
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: fire }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: app }
subjects: [{ kind: ServiceAccount, name: default, namespace: ops }]
]] },
    pass = { yaml [[
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: { name: dont-fire }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: app }
subjects: [{ kind: ServiceAccount, name: app, namespace: ops }]
]] },
    unknown = { [[
variable "v" {}
resource "kubernetes_role_binding" "a" {
  metadata { name = "a" }
  role_ref {
    api_group = "rbac.authorization.k8s.io"
    kind      = "ClusterRole"
    name      = "view"
  }
  subject {
    kind = "ServiceAccount"
    name = var.v
  }
}]] },
  },
}
