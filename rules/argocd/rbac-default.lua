return rule {
  id = "ARGO-007", title = "RBAC default grants more than read",
  severity = "high", category = "least-privilege",
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = "k8s.configmap",
  where = function(e) return known(e.name) and e.name == "argocd-rbac-cm" end,
  description = [[Everybody who can log in gets what the default policy grants; a line of wildcards makes its group administrators of
every cluster.]],
  remediation = [[Set `policy.default` to `role:readonly` or leave it empty; grant applications of a project by name. Groups that may be
administrators stand in the parameter `argocd_admin_groups`.]],
  references = { "https://argo-cd.readthedocs.io/en/stable/operator-manual/rbac/" },
  check = function(e)
    local data, found = e.raw.data or {}, {}
    local default = data["policy.default"]
    if default == "role:admin" then
      found[1] = fail("everybody who can log in is administrator (policy.default is role:admin)", { at = data })
    end
    local admins = param("argocd_admin_groups", {})
    for _, key in ipairs(keys(data)) do
      if match(key, "^policy(?:\\..*)?\\.csv$") then
        for _, line in ipairs(split(tostring(data[key]), "\n")) do
          local words = {}
          for _, word in ipairs(split(line, ",")) do words[#words + 1] = trim(word) end
          if words[1] == "p" and words[3] == "*" and words[4] == "*" and words[6] ~= "deny"
            and not one_of(words[2], "role:admin", "role:org-admin")
              and not has(admins, words[2]) then
            found[#found + 1] = fail("the policy lets " .. words[2] .. " do everything (" .. trim(line) .. ")", { at = data })
          elseif words[1] == "g" and words[3] == "role:admin" and #admins > 0 and not has(admins, words[2]) then
            found[#found + 1] = fail("the policy makes " .. words[2] .. " administrator, which is none of argocd_admin_groups",
              { at = data })
          end
        end
      end
    end
    return found
  end,
  tests = {
    fail = { yaml [[
apiVersion: v1
kind: ConfigMap
metadata: { name: argocd-rbac-cm, namespace: argocd, labels: { app.kubernetes.io/part-of: argocd } }
data: { policy.default: "role:admin" }
]], yaml [[
apiVersion: v1
kind: ConfigMap
metadata: { name: argocd-rbac-cm, namespace: argocd, labels: { app.kubernetes.io/part-of: argocd } }
data: { policy.csv: "p, developers, *, *, */*, allow" }
]] },
    pass = { yaml [[
apiVersion: v1
kind: ConfigMap
metadata: { name: argocd-rbac-cm, namespace: argocd, labels: { app.kubernetes.io/part-of: argocd } }
data: { policy.default: "role:readonly", policy.csv: "p, role:shop, applications, sync, shop/*, allow\ng, shop-team, role:shop" }
]] },
    unknown = { [[
variable "policy" {}
resource "kubernetes_config_map" "a" {
  metadata { name = "argocd-rbac-cm" }
  data = { "policy.csv" = var.policy }
}
]] },
  },
}
