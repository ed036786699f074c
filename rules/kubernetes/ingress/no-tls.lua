local pod = lib "pod"
local kube = lib "kube"
local ingress = lib "ingress"

local function redirects(route)
  for _, rule in ipairs(route.raw.spec.rules or {}) do
    for _, filter in ipairs(rule.filters or {}) do
      local redirect = filter.requestRedirect
      if redirect ~= nil and redirect.scheme == "https" then return true end
    end
  end
  return false
end

-- Routes of the gateway's listener.
local function routes_of(e, listener)
  local found = {}
  for _, route in ipairs(graph.all("gateway.route")) do
    for _, parent in ipairs(route.raw.spec.parentRefs or {}) do
      local space = parent.namespace or pod.namespace(route)
      if parent.name == e.name and space == pod.namespace(e)
          and (parent.sectionName == nil or parent.sectionName == listener.name) then
        found[#found + 1] = route
      end
    end
  end
  return found
end

local function gateway(e)
  return each(e.raw.spec.listeners or {}, function(listener)
    if listener.protocol ~= "HTTP" then return end
    local routes = routes_of(e, listener)
    if #routes == 0 then
      unknown("no route of listener " .. listener.name .. " is in the scan; whether it only redirects to HTTPS is not known")
    end
    for _, route in ipairs(routes) do
      if not redirects(route) then
        return fail("gateway " .. e.name .. " serves route " .. route.name .. " over plain HTTP (listener " .. listener.name .. ")",
          { at = listener })
      end
    end
  end)
end

return rule {
  id = "K8S-ING-001", title = "Ingress host is served without TLS",
  severity = "high", category = "encryption",
  frameworks = { "NIST-800-53r5:SC-8", "PCI-DSS-4.0:4.2.1", "SOC2:CC6.7", "ISO27001-2022:A.8.24" },
  for_each = { "k8s.ingress", "gateway.gateway" },
  description = [[What is served over plain HTTP can be read and changed on the way, session cookies included. Where the controller has
a certificate for every host, or the load balancer's annotations name one, the host is served with TLS although the
Ingress lists none.]],
  remediation = [[List the host under `spec.tls`, and leave the redirect to HTTPS on.]],
  references = {
    "https://kubernetes.io/docs/concepts/services-networking/ingress/",
    "https://gateway-api.sigs.k8s.io/guides/http-redirect-rewrite/",
  },
  check = function(e)
    if e.kind == "gateway.gateway" then return gateway(e) end
    if kube.annotation(e, "nginx.ingress.kubernetes.io/ssl-redirect") == "false"
        and kube.annotation(e, "nginx.ingress.kubernetes.io/force-ssl-redirect") ~= "true" then
      return fail("ingress " .. e.name .. " serves plain HTTP beside HTTPS (ssl-redirect is false)", { at = e.raw.metadata.annotations })
    end
    if ingress.certificate_elsewhere(e) then return end
    local hosts = ingress.tls_hosts(e)
    return each(ingress.rules(e), function(rule)
      local host = rule.host
      if host == nil or host == "" then
        if pod.first_key(hosts) == nil then
          return fail("ingress " .. e.name .. " serves every host without TLS", { at = rule })
        end
      elseif not ingress.covers(hosts, host) then
        return fail("ingress " .. e.name .. " serves " .. host .. " without TLS", { at = rule })
      end
    end)
  end,
  tests = {
    fail = { yaml [[
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: fire }
spec: { rules: [{ host: shop.example.com, http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] } }] }
]], yaml [[
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: fire, annotations: { nginx.ingress.kubernetes.io/ssl-redirect: "false" } }
spec: { tls: [{ hosts: [shop.example.com], secretName: shop }], rules: [{ host: shop.example.com, http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] } }] }
]], yaml [[
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: fire }
spec: { gatewayClassName: a, listeners: [{ name: http, port: 80, protocol: HTTP }] }
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: shop }
spec: { parentRefs: [{ name: fire }], rules: [{ backendRefs: [{ name: web, port: 80 }] }] }
]], [[
resource "kubernetes_ingress_v1" "fire" {
  metadata { name = "fire" }
  spec {
    rule { host = "shop.example.com" }
  }
}
]] },
    pass = { yaml [[
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: dont-fire }
spec: { tls: [{ hosts: ["*.example.com"], secretName: shop }], rules: [{ host: shop.example.com, http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] } }] }
]], yaml [[
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: dont-fire, annotations: { alb.ingress.kubernetes.io/certificate-arn: "arn:aws:acm:eu-west-1:123456789012:certificate/a" } }
spec: { ingressClassName: alb, rules: [{ host: shop.example.com, http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] } }] }
]], yaml [[
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: dont-fire }
spec:
  gatewayClassName: a
  listeners:
    - { name: http, port: 80, protocol: HTTP }
    - { name: https, port: 443, protocol: HTTPS, tls: { certificateRefs: [{ name: shop }] } }
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: redirect }
spec: { parentRefs: [{ name: dont-fire, sectionName: http }], rules: [{ filters: [{ type: RequestRedirect, requestRedirect: { scheme: https } }] }] }
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: shop }
spec: { parentRefs: [{ name: dont-fire, sectionName: https }], rules: [{ backendRefs: [{ name: web, port: 80 }] }] }
]] },
    unknown = { yaml [[
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: { name: a }
spec: { gatewayClassName: a, listeners: [{ name: http, port: 80, protocol: HTTP }] }
]], [[
variable "host" {}
resource "kubernetes_ingress_v1" "a" {
  metadata { name = "a" }
  spec {
    tls { hosts = ["shop.example.com"] }
    rule { host = var.host }
  }
}
]] },
  },
}
