local kube = lib "kube"

return rule {
  id = "ISTIO-011", title = "Service has no circuit breaker, timeout or retry bound",
  severity = "low", category = "resilience",
  frameworks = { "NIST-800-53r5:CP-10", "SOC2:A1.2", "ISO27001-2022:A.8.14" },
  for_each = { "istio.destinationrule", "istio.virtualservice" },
  where = kube.production,
  description = [[Without a circuit breaker calls pile up in front of a service that is ill; without a timeout they wait for ever.]],
  remediation = [[Set `trafficPolicy.outlierDetection` and `connectionPool`, and a `timeout` for each HTTP route.]],
  references = { "https://istio.io/latest/docs/reference/config/networking/destination-rule/#OutlierDetection" },
  check = function(e)
    if e.kind == "istio.destinationrule" then
      local policy = e.raw.spec.trafficPolicy
      local function bounded(p) return p ~= nil and (p.outlierDetection ~= nil or p.connectionPool ~= nil) end
      if bounded(policy) then return end
      local subsets = e.raw.spec.subsets or {}
      for _, subset in ipairs(subsets) do
        if bounded(subset.trafficPolicy) then return end
      end
      return fail("host " .. tostring(e.host) .. " has neither outlier detection nor a connection pool", { at = e.raw.spec })
    end
    return each(e.raw.spec.http or {}, function(route)
      if route.redirect ~= nil or route.directResponse ~= nil then return end
      if route.timeout == nil and (route.retries == nil or route.retries.attempts == nil) then
        return fail("a route of " .. e.name .. " has neither a timeout nor bounded retries", { at = route })
      end
    end)
  end,
  tests = {
    fail = { yaml [[
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: fire, namespace: shop-prod }
spec: { host: web }
]], yaml [[
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: fire, namespace: shop-prod }
spec: { hosts: [web], http: [{ route: [{ destination: { host: web } }] }] }
]] },
    pass = { yaml [[
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: dont-fire, namespace: shop-prod }
spec: { host: web, trafficPolicy: { outlierDetection: { consecutive5xxErrors: 5 } } }
]], yaml [[
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: dont-fire, namespace: shop-prod }
spec: { hosts: [web], http: [{ timeout: 5s, route: [{ destination: { host: web } }] }] }
]] },
    unknown = { [[
variable "v" {}
resource "kubernetes_manifest" "a" {
  manifest = {
    apiVersion = "networking.istio.io/v1"
    kind       = "VirtualService"
    metadata   = { name = "a", namespace = "shop-prod" }
    spec       = { hosts = ["web"], http = [{ timeout = var.v }] }
  }
}]] },
  },
}
