local function judge(e, url, at)
  if url == nil then return end
  if match(url, "(?i)^http://") then
    return fail("the chart repository " .. url .. " of " .. e.name .. " is reached over plain HTTP", { at = at })
  end
  local allowed = param("helm_repositories", {})
  if #allowed == 0 then return end
  local host = match(url, "^[a-z+]+://(?:[^/@]*@)?([^/:]+)")
  for _, pattern in ipairs(allowed) do
    if host ~= nil and glob(host, pattern) then return end
  end
  if host ~= nil then return fail("the chart repository " .. host .. " of " .. e.name .. " is none of those allowed", { at = at }) end
end

return rule {
  id = "HELM-002", title = "Chart repository is reached over plain HTTP or is not allowed",
  severity = "high", category = "supply-chain",
  frameworks = { "NIST-800-53r5:SR-3", "PCI-DSS-4.0:6.3.2", "SOC2:CC8.1", "ISO27001-2022:A.5.21" },
  for_each = { "helm.chart", "helm.release", "flux.source", "argocd.application" },
  where = function(e)
    if e.kind == "flux.source" then return match(e.type, "/HelmRepository$") ~= nil end
    return true
  end,
  description = [[Over plain HTTP anybody on the way decides what is installed. Parameter `helm_repositories` (a list of hosts,
`*` allowed) says which repositories may be used.]],
  remediation = [[Use an https or oci address.]],
  references = { "https://helm.sh/docs/topics/provenance/" },
  check = function(e)
    if e.kind == "helm.chart" then
      return each(e.raw.dependencies or {}, function(d) return judge(e, d.repository, d) end)
    elseif e.kind == "helm.release" then
      return judge(e, e.repository, "repository")
    elseif e.kind == "flux.source" then
      return judge(e, e.raw.spec.url, e.raw.spec)
    end
    local source = e.raw.spec.source
    if source ~= nil and source.chart ~= nil then return judge(e, source.repoURL, source) end
  end,
  tests = {
    fail = { files { ["Chart.yaml"] = [[
apiVersion: v2
name: shop
version: 1.0.0
dependencies:
  - name: redis
    version: 18.1.0
    repository: http://charts.internal/stable
]] }, [[
resource "helm_release" "fire" {
  name       = "redis"
  chart      = "redis"
  repository = "http://charts.internal/stable"
}]] },
    pass = { files { ["Chart.yaml"] = [[
apiVersion: v2
name: shop
version: 1.0.0
dependencies:
  - name: redis
    version: 18.1.0
    repository: https://charts.internal/stable
]] }, [[
resource "helm_release" "dont_fire" {
  name       = "redis"
  chart      = "redis"
  repository = "oci://registry.internal/charts"
}]] },
    unknown = { [[
variable "r" {}
resource "helm_release" "a" {
  name       = "redis"
  chart      = "redis"
  repository = var.r
}]] },
  },
}
