local rbac = lib "rbac"

return rule {
  id = "K8S-RBAC-011", title = "Role can change configuration, the cloud identity map or delete logs",
  severity = "medium", category = "least-privilege",
  aliases = { ["AVD-KSV-0042"] = "logs", ["AVD-KSV-0049"] = "configmaps", ["AVD-KSV-0115"] = "aws-auth" },
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = "k8s.role",
  description = [[The ConfigMap `aws-auth` says which cloud identities are administrators of an EKS cluster; other ConfigMaps decide
what programs do. Deleting logs hides what was done.]],
  remediation = [[Name the ConfigMaps in `resourceNames`; remove delete verbs on `pods/log`.]],
  references = { "https://docs.aws.amazon.com/eks/latest/userguide/auth-configmap.html" },
  check = function(e)
    if rbac.is_system(e) then return end
    local write = { "create", "update", "patch", "delete", "deletecollection" }
    return each(rbac.rules(e), function(rule)
      local found = {}
      local verb = rbac.allows(rule, { "" }, { "configmaps" }, write)
      if verb and #rule.names == 0 then
        found[1] = fail("role " .. e.name .. " may " .. (verb == "*" and "do everything with" or verb) .. " every ConfigMap",
          { case = "configmaps", at = rule.at })
      elseif verb and has(rule.names, "aws-auth") then
        found[1] = fail("role " .. e.name .. " may " .. (verb == "*" and "change" or verb) .. " the identity map aws-auth",
          { case = "aws-auth", at = rule.at, severity = "high" })
      end
      if rbac.allows(rule, { "" }, { "pods/log" }, { "delete", "deletecollection" }) then
        found[#found + 1] = fail("role " .. e.name .. " may delete the logs of pods", { case = "logs", at = rule.at })
      end
      return found
    end)
  end,
  tests = {
    fail = { yaml [[
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: fire, namespace: kube-system }
rules: [{ apiGroups: [""], resources: [configmaps], resourceNames: [aws-auth], verbs: [update] }]
]], yaml [[
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: fire }
rules: [{ apiGroups: [""], resources: [configmaps], verbs: [update] }]
]] },
    pass = { yaml [[
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: dont-fire }
rules:
  - { apiGroups: [""], resources: [configmaps], verbs: [get] }
  - { apiGroups: [""], resources: [configmaps], resourceNames: [leader], verbs: [update] }
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
