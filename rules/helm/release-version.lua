local function is_local(chart) return match(chart, "^(?:\\.{0,2}/|\\$\\{)|\\.tgz$") ~= nil end

local function judge(e, version, at)
  if version == nil then return fail("release " .. e.name .. " names no chart version", { at = at }) end
  if not match(tostring(version), "^v?[0-9]+\\.[0-9]+\\.[0-9]+(?:[-+][0-9A-Za-z.+-]*)?$") then
    return fail("release " .. e.name .. " takes any chart of version " .. version, { at = at })
  end
end

return rule {
  id = "HELM-003", title = "Release takes a chart without an exact version or verification",
  severity = "medium", category = "supply-chain",
  frameworks = { "NIST-800-53r5:SR-3", "PCI-DSS-4.0:6.3.2", "SOC2:CC8.1", "ISO27001-2022:A.5.21" },
  for_each = { "helm.release", "flux.release", "argocd.application" },
  where = function(e)
    return e.kind ~= "flux.release" or match(e.type, "/HelmRelease$") ~= nil
  end,
  description = [[Without an exact version each run may install another chart.]],
  remediation = [[Set an exact `version` (`chart.spec.version`, `targetRevision`).]],
  references = {
    "https://registry.terraform.io/providers/hashicorp/helm/latest/docs/resources/release",
    "https://fluxcd.io/flux/components/helm/helmreleases/",
  },
  check = function(e)
    if e.kind == "helm.release" then
      if is_local(e.chart or "") then return end
      return judge(e, e.version, "version")
    elseif e.kind == "flux.release" then
      local spec = e.raw.spec.chart.spec
      if spec == nil or (spec.sourceRef ~= nil and spec.sourceRef.kind ~= "HelmRepository") then return end
      return judge(e, spec.version, spec)
    end
    local source = e.raw.spec.source
    if source ~= nil and source.chart ~= nil then return judge(e, source.targetRevision, source) end
  end,
  tests = {
    fail = { [[
resource "helm_release" "fire" {
  name       = "redis"
  chart      = "redis"
  repository = "https://charts.internal/stable"
}]], yaml [[
apiVersion: helm.toolkit.fluxcd.io/v2
kind: HelmRelease
metadata: { name: fire }
spec:
  chart:
    spec: { chart: redis, version: ">=18.0.0", sourceRef: { kind: HelmRepository, name: stable } }
]], yaml [[
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: { name: fire }
spec:
  source: { repoURL: "https://charts.internal/stable", chart: redis, targetRevision: 18.* }
]] },
    pass = { [[
resource "helm_release" "dont_fire" {
  name       = "redis"
  chart      = "redis"
  repository = "https://charts.internal/stable"
  version    = "18.1.0"
}]], [[
resource "helm_release" "dont_fire" {
  name  = "shop"
  chart = "./charts/shop"
}]] },
    unknown = { [[
variable "v" {}
resource "helm_release" "a" {
  name    = "redis"
  chart   = "redis"
  version = var.v
}]] },
  },
}
