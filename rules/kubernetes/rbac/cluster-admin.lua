local rbac = lib "rbac"

-- A role that allows every verb on every resource of every group.
local function all_powerful(binding)
  if binding.role_kind == "ClusterRole" and binding.role_name == "cluster-admin" then return true end
  local role = rbac.role_of(binding)
  if not role then return false end
  for _, rule in ipairs(rbac.rules(role)) do
    if has(rule.verbs, "*") and has(rule.resources, "*") and has(rule.groups, "*") then return true, rule end
  end
  return false
end

return rule {
  id = "K8S-RBAC-001", title = "Cluster-admin is bound without need",
  severity = "critical", category = "least-privilege",
  aliases = { "AVD-KSV-0111", "cluster-admin-role-binding" },
  frameworks = { "CIS-K8S-1.9:5.1.1", "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3",
    "ISO27001-2022:A.5.15" },
  for_each = "k8s.rolebinding",
  description = [[`cluster-admin` may do everything with everything. What is bound to it, a program above all, is a way to the
whole cluster. Subjects who need it stand in the parameter `cluster_admins` (names, with `*`).]],
  remediation = [[Bind a role with the rights that are needed, in the namespace where they are needed.]],
  references = { "https://kubernetes.io/docs/concepts/security/rbac-good-practices/" },
  check = function(e)
    local full, rule = all_powerful(e)
    if not full then return end
    return each(rbac.subjects(e), function(subject)
      for _, allowed in ipairs(param("cluster_admins", {})) do
        if glob(subject.name or "", allowed) then return end
      end
      if e.name == "cluster-admin" and subject.name == "system:masters" then return end -- ships with Kubernetes
      return fail((subject.kind or "subject") .. " " .. (subject.name or "") .. " is bound to " .. e.role_name
        .. ", which may do everything", { at = subject, evidence = rule and { { rule.at, "this rule allows everything" } } or {} })
    end)
  end,
  tests = {
    fail = { yaml [[
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: fire }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin }
subjects: [{ kind: ServiceAccount, name: app, namespace: ops }]
]], [[
resource "kubernetes_cluster_role_binding" "fire" {
  metadata { name = "fire" }
  role_ref {
    api_group = "rbac.authorization.k8s.io"
    kind      = "ClusterRole"
    name      = "cluster-admin"
  }
  subject {
    kind = "ServiceAccount"
    name = "app"
  }
}]] },
    pass = { yaml [[
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: dont-fire }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view }
subjects: [{ kind: ServiceAccount, name: app, namespace: ops }]
]] },
    unknown = { [[
variable "role" {}
resource "kubernetes_cluster_role_binding" "a" {
  metadata { name = "a" }
  role_ref {
    api_group = "rbac.authorization.k8s.io"
    kind      = "ClusterRole"
    name      = var.role
  }
  subject {
    kind = "ServiceAccount"
    name = "app"
  }
}]] },
  },
}
