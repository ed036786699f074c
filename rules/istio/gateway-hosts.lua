local kube = lib "kube"

return rule {
  id = "ISTIO-009", title = "Gateway listens for every host or may be used from every namespace",
  severity = "medium", category = "network",
  frameworks = { "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6", "ISO27001-2022:A.8.20" },
  for_each = { "istio.gateway", "istio.virtualservice" },
  description = [[A gateway for every host lets any VirtualService of the cluster take a name that belongs to another; one of another
environment brings test code to production's door.]],
  remediation = [[Name the hosts with their namespace (`shop/shop.example.com`), and bind routes to gateways of their own environment.]],
  references = { "https://istio.io/latest/docs/reference/config/networking/gateway/#Server" },
  check = function(e)
    if e.kind == "istio.gateway" then
      return each(e.raw.spec.servers or {}, function(server)
        for _, host in ipairs(server.hosts or {}) do
          if host == "*" or host == "*/*" then
            return fail("gateway " .. e.name .. " listens for every host of every namespace (" .. host .. ")", { at = server })
          end
        end
      end)
    end
    local own = kube.environment(e)
    return each(e.raw.spec.gateways or {}, function(name)
      local space, gateway = match(name, "^([^/]+)/(.+)$")
      if not space or own == nil then return end
      local object = graph.find("istio.gateway", space, gateway)
      local other = object and kube.environment(object) or kube.word(space)
      if other and other ~= own then
        return fail("route " .. e.name .. " of " .. own .. " binds to gateway " .. name .. " of " .. other, { at = e.raw.spec.gateways })
      end
    end)
  end,
  tests = {
    fail = { yaml [[
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: fire }
spec: { servers: [{ port: { number: 443, name: https, protocol: HTTPS }, tls: { mode: SIMPLE }, hosts: ["*"] }] }
]], yaml [[
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: fire, namespace: shop-dev }
spec: { hosts: [a.example.com], gateways: [shop-prod/public] }
]] },
    pass = { yaml [[
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: dont-fire }
spec: { servers: [{ port: { number: 443, name: https, protocol: HTTPS }, tls: { mode: SIMPLE }, hosts: [shop/shop.example.com] }] }
]], yaml [[
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: dont-fire, namespace: shop-prod }
spec: { hosts: [a.example.com], gateways: [shop-prod/public] }
]] },
    unknown = { [[
variable "v" {}
resource "kubernetes_manifest" "a" {
  manifest = {
    apiVersion = "networking.istio.io/v1"
    kind       = "Gateway"
    metadata   = { name = "a" }
    spec       = { servers = [{ port = { number = 443, protocol = "HTTPS" }, hosts = [var.v] }] }
  }
}]] },
  },
}
