local rbac = lib "rbac"

local group = { "rbac.authorization.k8s.io" }
local bindings, roles = { "rolebindings", "clusterrolebindings" }, { "roles", "clusterroles" }

return rule {
  id = "K8S-RBAC-006", title = "Role can raise rights through bindings",
  severity = "critical", category = "least-privilege",
  aliases = {
    CKV_K8S_157 = "bind", CKV_K8S_158 = "escalate", CKV2_K8S_1 = "bound", ["AVD-KSV-0050"] = { "bind", "escalate" },
    ["AVD-KSV-0051"] = "bind", ["AVD-KSV-0052"] = "bind", ["AVD-KSV-0055"] = "manage",
  },
  frameworks = { "CIS-K8S-1.9:5.1.8", "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3",
    "ISO27001-2022:A.5.15" },
  for_each = { "k8s.role", "k8s.rolebinding" },
  description = [[With `bind` one may give oneself any role, with `escalate` write any right into one's own. Changing roles or
bindings is limited to rights one has, but spreads them.]],
  remediation = [[Remove the verbs, or name the roles that may be bound in `resourceNames`.]],
  references = { "https://kubernetes.io/docs/reference/access-authn-authz/rbac/#privilege-escalation-prevention-and-bootstrapping" },
  check = function(e)
    if e.kind == "k8s.rolebinding" then
      return rbac.judge(e, group, { "rolebindings", "clusterrolebindings", "roles", "clusterroles" }, { "bind" },
        { bound = "bound", unless_named = true })
    end
    return each({ "bind", "escalate", "manage" }, function(case)
      if case == "bind" then
        return rbac.judge(e, group, { "rolebindings", "clusterrolebindings", "roles", "clusterroles" }, { "bind" },
          { case = case, unless_named = true })
      elseif case == "escalate" then
        return rbac.judge(e, group, roles, { "escalate" }, { case = case, unless_named = true })
      end
      local all = { bindings[1], bindings[2], roles[1], roles[2] }
      return rbac.judge(e, group, all, { "create", "update", "patch" }, { case = case, unless_named = true, severity = "high" })
    end)
  end,
  tests = {
    fail = { yaml [[
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: fire }
rules: [{ apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], verbs: [bind] }]
]], yaml [[
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: fire }
rules: [{ apiGroups: [rbac.authorization.k8s.io], resources: [rolebindings], verbs: [create] }]
]] },
    pass = { yaml [[
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: { name: dont-fire }
rules:
  - { apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], verbs: [get] }
  - { apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], resourceNames: [view], verbs: [bind] }
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
