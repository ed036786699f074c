local rbac = lib "rbac"

return rule {
  id = "K8S-RBAC-002", title = "Role uses wildcards",
  severity = "high", category = "least-privilege",
  aliases = {
    "CKV_K8S_49", "wildcard-in-rules", ["AVD-KSV-0044"] = "both", ["AVD-KSV-0045"] = "verbs",
    ["AVD-KSV-0046"] = "resources", ["AVD-KSV-0112"] = "both-namespaced",
  },
  frameworks = {
    "CIS-K8S-1.9:5.1.9", "CIS-K8S-1.9:5.1.3", "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3",
    "ISO27001-2022:A.5.15"
  },
  for_each = "k8s.role",
  where = function(e) return not rbac.is_system(e) end,
  description = [[A wildcard takes in what is added later: new verbs, new kinds of objects, Secrets among them.]],
  remediation = [[Name the verbs, resources and API groups that are needed.]],
  references = { "https://kubernetes.io/docs/concepts/security/rbac-good-practices/" },
  -- CKV_K8S_49 looks at the first rule of a role only; here every rule counts.
  check = function(e)
    return each(rbac.rules(e), function(rule)
      local wild = {}
      for _, part in ipairs { { "verbs", rule.verbs }, { "resources", rule.resources }, { "apiGroups", rule.groups } } do
        for _, item in ipairs(part[2]) do
          if item == "*" or (part[1] == "resources" and starts(item, "*/")) then
            wild[#wild + 1] = part[1]
            wild[part[1]] = true
            break
          end
        end
      end
      if #wild == 0 then return end
      if wild.verbs and wild.resources then
        local of = wild.apiGroups and "" or " of the API groups \"" .. table.concat(rbac.words(rule.groups), "\", \"") .. "\""
        return fail("role " .. e.name .. " may do everything with every resource" .. of,
          { case = rbac.is_cluster(e) and "both" or "both-namespaced", at = rule.at })
      elseif wild.verbs then
        return fail("role " .. e.name .. " may do everything with " .. table.concat(rbac.words(rule.resources), ", "),
          { case = "verbs", at = rule.at })
      elseif wild.resources then
        return fail("role " .. e.name .. " may " .. table.concat(rbac.words(rule.verbs), ", ") .. " every resource",
          { case = "resources", at = rule.at })
      end
      return fail("role " .. e.name .. " has a wildcard in " .. table.concat(wild, ", "), { case = "any", at = rule.at })
    end)
  end,
  tests = {
    fail = { yaml [[
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: fire }
rules:
  - { apiGroups: [""], resources: [pods], verbs: [get] }
  - { apiGroups: [apps], resources: [deployments], verbs: ["*"] }
]] },
    pass = { yaml [[
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: { name: dont-fire }
rules: [{ apiGroups: [""], resources: [pods], verbs: [get] }]
]] },
    unknown = { [[
variable "verbs" { type = list(string) }
resource "kubernetes_role" "a" {
  metadata { name = "a" }
  rule {
    api_groups = [""]
    resources  = ["pods"]
    verbs      = var.verbs
  }
}]] },
  },
}
