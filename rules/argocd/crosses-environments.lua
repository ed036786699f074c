local argo = lib "argo"

return rule {
  id = "ARGO-005", title = "Application crosses environments",
  severity = "high", category = "network",
  frameworks = { "NIST-800-53r5:SC-7", "PCI-DSS-4.0:6.5.3", "SOC2:CC6.6", "ISO27001-2022:A.8.31" },
  for_each = { "argocd.application", "argocd.applicationset" },
  description = [[Values of one environment in the namespaces of another mix their addresses, sizes and credentials; a change that was
meant for a test reaches production.]],
  remediation = [[Correct the path, the values files or the destination.]],
  references = { "https://argo-cd.readthedocs.io/en/stable/user-guide/best_practices/" },
  check = function(e)
    local spec = argo.application(e)
    local destination = argo.destination(e, spec)
    if destination == nil then return end
    return each(argo.sources(e, spec), function(source)
      local found = {}
      local from = source.path ~= nil and argo.word(source.path)
      if from and from ~= destination then
        found[1] = fail(e.name .. " deploys " .. source.path .. " (" .. from .. ") to " .. destination, { at = source })
      end
      local helm = source.helm
      for _, file in ipairs(helm and argo.get(e, helm, "valueFiles") or {}) do
        local values = argo.word(file)
        if values and values ~= destination then
          found[#found + 1] = fail(e.name .. " deploys the values " .. file .. " (" .. values .. ") to " .. destination, { at = helm })
        end
      end
      return found
    end)
  end,
  tests = {
    fail = { yaml [[
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: fire, namespace: argocd }
spec: { project: shop, source: { repoURL: a, path: overlays/staging }, destination: { server: "https://kubernetes.default.svc", namespace: shop-prod } }
]], yaml [[
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: fire, namespace: argocd }
spec: { project: shop, source: { repoURL: a, path: chart, helm: { valueFiles: [values-dev.yaml] } }, destination: { server: "https://kubernetes.default.svc", namespace: shop-prod } }
]] },
    pass = { yaml [[
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: dont-fire, namespace: argocd }
spec: { project: shop, source: { repoURL: a, path: overlays/prod, helm: { valueFiles: [values.yaml, values-prod.yaml] } }, destination: { server: "https://kubernetes.default.svc", namespace: shop-prod } }
]] },
    unknown = { [[
variable "namespace" {}
resource "argocd_application" "a" {
  metadata { name = "a" }
  spec {
    project = "shop"
    source {
      repo_url = "a"
      path     = "overlays/staging"
    }
    destination { namespace = var.namespace }
  }
}
]] },
  },
}
