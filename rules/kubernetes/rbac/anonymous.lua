local rbac = lib "rbac"

-- What Kubernetes itself grants to everyone: discovery and one's own identity.
local harmless = {
  ["system:discovery"] = true, ["system:basic-user"] = true, ["system:public-info-viewer"] = true,
  ["system:service-account-issuer-discovery"] = true,
}

return rule {
  id = "K8S-RBAC-012", title = "Anonymous, all-authenticated or masters group is bound",
  severity = "critical", category = "least-privilege",
  aliases = {
    ["AVD-KSV-0122"] = "anonymous", ["AVD-KSV-0123"] = "masters", ["AVD-KSV-01011"] = "authenticated",
  },
  frameworks = { "CIS-K8S-1.9:5.1.7", "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3",
    "ISO27001-2022:A.5.15" },
  for_each = "k8s.rolebinding",
  where = function(e) return not harmless[e.role_name] and not (e.name == "cluster-admin" and e.role_name == "cluster-admin") end,
  description = [[These names stand for everyone who reaches the API server, for everyone with any account, and for a group that no
policy can limit.]],
  remediation = [[Bind named users, groups or service accounts.]],
  references = { "https://kubernetes.io/docs/concepts/security/rbac-good-practices/" },
  check = function(e)
    local cases = {
      ["system:anonymous"] = "anonymous", ["system:unauthenticated"] = "anonymous",
      ["system:authenticated"] = "authenticated", ["system:masters"] = "masters",
    }
    return each(rbac.subjects(e), function(subject)
      local case = subject.name ~= nil and cases[subject.name]
      if case then
        return fail("binding " .. e.name .. " gives role " .. e.role_name .. " to " .. subject.name, { case = case, at = subject })
      end
    end)
  end,
  tests = {
    fail = { yaml [[
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: fire }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view }
subjects: [{ kind: User, name: "system:anonymous", apiGroup: rbac.authorization.k8s.io }]
]] },
    pass = { yaml [[
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: { name: dont-fire }
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view }
subjects: [{ kind: Group, name: developers, apiGroup: rbac.authorization.k8s.io }]
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
