local argo = lib "argo"

local branch = "(?i)^(?:refs/heads/.*|HEAD|main|master|trunk|develop|dev|staging|prod|production|stable|latest"
  .. "|(?:release|feature|env)s?/.*)$"

return rule {
  id = "ARGO-003", title = "Application follows a moving revision in production",
  severity = "medium", category = "supply-chain",
  frameworks = { "NIST-800-53r5:SR-3", "PCI-DSS-4.0:6.3.2", "SOC2:CC8.1", "ISO27001-2022:A.5.21" },
  for_each = { "argocd.application", "argocd.applicationset" },
  description = [[What runs in production changes with the next push, without a decision and without a name for what ran before.]],
  remediation = [[Set `targetRevision` to a commit, a tag or an exact chart version; let a promotion change it.]],
  references = { "https://argo-cd.readthedocs.io/en/stable/user-guide/tracking_strategies/" },
  check = function(e)
    local spec = argo.application(e)
    if argo.environment(e, spec) ~= "prod" then return end
    return each(argo.sources(e, spec), function(source)
      local revision = argo.get(e, source, "targetRevision")
      local chart = source.chart ~= nil
      if revision == nil or revision == "" then
        return fail(e.name .. " follows " .. (chart and "the newest version of its chart" or "HEAD") .. " in production", { at = source })
      end
      revision = tostring(revision)
      if match(revision, "\\{\\{") then unknown("the generator gives the revision " .. revision) end
      if chart then
        if match(revision, "[*^~><| ]|\\bx\\b") then
          return fail(e.name .. " follows the range " .. revision .. " of its chart in production", { at = source })
        end
        return
      end
      if match(revision, "^[0-9a-f]{7,64}$") or match(revision, "^(?:refs/tags/)?[a-zA-Z-]*v?\\d+(?:\\.\\d+)+") then return end
      if match(revision, branch) then
        return fail(e.name .. " follows the branch " .. revision .. " in production", { at = source })
      end
      unknown("whether " .. revision .. " is a tag or a branch is not known")
    end)
  end,
  tests = {
    fail = { yaml [[
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: fire, namespace: argocd }
spec: { project: shop, source: { repoURL: "https://git.example.com/shop", path: a, targetRevision: main }, destination: { server: "https://kubernetes.default.svc", namespace: shop-prod } }
]], yaml [[
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: fire, namespace: argocd }
spec: { project: shop, source: { repoURL: "https://charts.example.com", chart: shop, targetRevision: "1.*" }, destination: { server: "https://kubernetes.default.svc", namespace: shop-prod } }
]] },
    pass = { yaml [[
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: dont-fire, namespace: argocd }
spec: { project: shop, source: { repoURL: "https://git.example.com/shop", path: a, targetRevision: v1.4.2 }, destination: { server: "https://kubernetes.default.svc", namespace: shop-prod } }
]], yaml [[
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: dont-fire, namespace: argocd }
spec: { project: shop, source: { repoURL: "https://git.example.com/shop", path: a }, destination: { server: a, namespace: shop-dev } }
]] },
    unknown = { yaml [[
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: a, namespace: argocd }
spec: { project: shop, source: { repoURL: "https://git.example.com/shop", path: a, targetRevision: candidate }, destination: { server: "https://kubernetes.default.svc", namespace: shop-prod } }
]] },
  },
}
