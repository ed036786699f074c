local argo = lib "argo"

-- A project without sync windows is no finding by itself: many teams let reviews of the repository decide when
-- production changes.
return rule {
  id = "ARGO-004", title = "Sync policy lets drift persist or deletes without guard",
  severity = "medium", category = "hygiene",
  frameworks = { "NIST-800-53r5:CM-6", "PCI-DSS-4.0:2.2.1", "SOC2:CC8.1", "ISO27001-2022:A.8.9" },
  for_each = { "argocd.application", "argocd.applicationset" },
  description = [[Without selfHeal a change that somebody made by hand stays until the next commit. With prune and allowEmpty a wrong
path or an empty render deletes the whole application.]],
  remediation = [[Set `automated.selfHeal: true` in production, remove `allowEmpty`, and give the project of production a sync window.]],
  references = { "https://argo-cd.readthedocs.io/en/stable/user-guide/auto_sync/" },
  check = function(e)
    local spec, found = argo.application(e), {}
    local policy = argo.get(e, spec, "syncPolicy")
    local automated = policy and policy.automated
    if automated ~= nil and automated.enabled ~= false then
      if argo.environment(e, spec) == "prod" and argo.get(e, automated, "selfHeal") ~= true then
        found[1] = fail("changes by hand to " .. e.name .. " stay in production (automated sync without selfHeal)",
          { case = "self-heal", at = automated, within = automated })
      end
      if automated.prune == true and argo.get(e, automated, "allowEmpty") == true then
        found[#found + 1] = fail("an empty source deletes everything of " .. e.name .. " (prune with allowEmpty)",
          { case = "empty", at = automated, within = automated })
      end
    end
    return found
  end,
  fix = { set("within.selfHeal", true, "self-heal"), set("within.allowEmpty", false, "empty") },
  tests = {
    fail = { yaml [[
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: fire, namespace: argocd }
spec: { project: shop, syncPolicy: { automated: { prune: true } }, destination: { server: "https://kubernetes.default.svc", namespace: shop-prod } }
]], yaml [[
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: fire, namespace: argocd }
spec: { project: shop, syncPolicy: { automated: { prune: true, selfHeal: true, allowEmpty: true } }, destination: { namespace: shop-dev } }
]] },
    pass = { yaml [[
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: dont-fire, namespace: argocd }
spec: { project: shop, syncPolicy: { automated: { prune: true, selfHeal: true } }, destination: { server: "https://kubernetes.default.svc", namespace: shop-prod } }
]] },
    unknown = { [[
variable "heal" {}
resource "argocd_application" "a" {
  metadata { name = "a" }
  spec {
    project = "shop"
    destination { namespace = "shop-prod" }
    sync_policy {
      automated { self_heal = var.heal }
    }
  }
}
]] },
  },
}
