local kube = lib "kube"

return rule {
  id = "ISTIO-012", title = "Fault injection or traffic mirror is left in production",
  severity = "medium", category = "hygiene",
  frameworks = { "NIST-800-53r5:CM-6", "PCI-DSS-4.0:2.2.1", "SOC2:CC8.1", "ISO27001-2022:A.8.9" },
  for_each = "istio.virtualservice",
  where = kube.production,
  description = [[Faults that were meant for a test hurt users; a mirror sends their requests, with all they hold, to a second service.]],
  remediation = [[Remove `fault` and `mirror` from routes of production.]],
  references = { "https://istio.io/latest/docs/reference/config/networking/virtual-service/#HTTPFaultInjection" },
  check = function(e)
    return each(e.raw.spec.http or {}, function(route)
      for _, field in ipairs { "fault", "mirror", "mirrors" } do
        if route[field] ~= nil then
          return fail("a route of " .. e.name .. " has " .. field .. " settings in production", { at = route[field] })
        end
      end
    end)
  end,
  tests = {
    fail = { yaml [[
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: fire, namespace: shop-prod }
spec: { hosts: [web], http: [{ fault: { abort: { httpStatus: 500, percentage: { value: 10 } } }, route: [{ destination: { host: web } }] }] }
]] },
    pass = { yaml [[
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: dont-fire, namespace: shop-prod }
spec: { hosts: [web], http: [{ route: [{ destination: { host: web } }] }] }
]] },
    unknown = { [[
variable "v" {}
resource "kubernetes_manifest" "a" {
  manifest = {
    apiVersion = "networking.istio.io/v1"
    kind       = "VirtualService"
    metadata   = { name = "a", namespace = "shop-prod" }
    spec       = { hosts = ["web"], http = [{ fault = var.v }] }
  }
}]] },
  },
}
