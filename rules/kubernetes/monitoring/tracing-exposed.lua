local kube = lib "kube"
local exposed = lib "exposed"

local image = "(?:^|/)(?:all-in-one|jaeger-query|jaeger-collector|jaeger|opentelemetry-collector[a-z-]*|zipkin|tempo)$"

local function what(name, workload)
  if workload then
    local _, found = kube.container(workload, image)
    if found then return found.repository end
  end
  return match(name, "(?i)(?:^|-)(?:jaeger|zipkin|tempo|otel|opentelemetry)(?:-[a-z-]+)?$") and name or nil
end

return rule {
  id = "K8S-MON-004", title = "Tracing collector or query interface is open",
  severity = "medium", category = "network",
  frameworks = { "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6", "ISO27001-2022:A.8.20" },
  for_each = { "k8s.ingress", "gateway.route", "istio.virtualservice", "k8s.service", "jaeger.instance" },
  description = [[Traces hold addresses, parameters and often tokens; the query interface of Jaeger asks for no login, and a collector
takes spans from everyone. The Jaeger operator makes an Ingress unless told otherwise.]],
  remediation = [[Keep query and collector inside; put a login in front, or set `spec.ingress.enabled: false` or `security: oauth-
proxy`.]],
  references = { "https://www.jaegertracing.io/docs/latest/security/" },
  check = function(e)
    if e.kind == "jaeger.instance" then
      local settings = e.raw.spec and e.raw.spec.ingress
      if settings ~= nil and (settings.enabled == false or settings.security == "oauth-proxy") then return end
      return fail("the operator makes an Ingress without a login for the query interface of Jaeger " .. e.name, { at = settings or e.raw })
    end
    return exposed.each(e, what, function(product)
      return exposed.label(e) .. " leads to " .. product .. " without a login or a limit of sources"
    end)
  end,
  tests = {
    fail = { yaml [[
apiVersion: v1
kind: Service
metadata: { name: fire }
spec: { type: LoadBalancer, selector: { app: jaeger }, ports: [{ name: http, port: 16686 }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: jaeger }
spec:
  selector: { matchLabels: { app: jaeger } }
  template:
    metadata: { labels: { app: jaeger } }
    spec:
      containers:
        - { name: app, image: "jaegertracing/all-in-one:1.62" }
]], yaml [[
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: fire }
spec: { rules: [{ host: m.example.com, http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: jaeger-query, port: { number: 16686 } } } }] } }] }
]], yaml [[
apiVersion: jaegertracing.io/v1
kind: Jaeger
metadata: { name: fire }
spec: { strategy: production }
]] },
    pass = { yaml [[
apiVersion: v1
kind: Service
metadata: { name: dont-fire }
spec: { type: ClusterIP, selector: { app: jaeger }, ports: [{ name: http, port: 16686 }] }
]], yaml [[
apiVersion: jaegertracing.io/v1
kind: Jaeger
metadata: { name: dont-fire }
spec: { ingress: { enabled: false } }
]] },
    unknown = { yaml [[
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: a }
spec: { rules: [{ filters: [{ type: ExtensionRef, extensionRef: { group: a, kind: B, name: sso } }], backendRefs: [{ name: jaeger-query, port: 16686 }] }] }
]] },
  },
}
