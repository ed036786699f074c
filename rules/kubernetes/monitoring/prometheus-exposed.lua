local kube = lib "kube"
local exposed = lib "exposed"

local image = "(?:^|/)(?:prometheus|alertmanager|thanos)$"

-- Prometheus or Alertmanager, by the image of the pods behind the Service, else by its name.
local function what(name, workload)
  if workload then
    local _, found = kube.container(workload, image)
    return found and match(found.repository, "[a-z]+$")
  end
  if match(name, "(?i)(?:^|-)prometheus(?:-server|-operated|-k8s)?$") then return "Prometheus" end
  if match(name, "(?i)(?:^|-)alertmanager(?:-main|-operated)?$") then return "Alertmanager" end
end

return rule {
  id = "K8S-MON-001", title = "Prometheus or Alertmanager is exposed without authentication",
  severity = "high", category = "network",
  frameworks = { "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6", "ISO27001-2022:A.8.20" },
  for_each = { "k8s.ingress", "gateway.route", "istio.virtualservice", "k8s.service", "k8s.workload", "prometheus.server" },
  where = function(e)
    return e.kind ~= "k8s.workload" or kube.container(e, image) ~= nil
  end,
  description = [[Prometheus and Alertmanager ask for no login: whoever reaches them reads every address, version and label of the
cluster, and may silence alerts. The admin API deletes series.]],
  remediation = [[Keep them inside the cluster, or put a login (`auth-url`, an OAuth proxy) or a limit of sources in front; leave
`--web.enable-admin-api` off.]],
  references = { "https://prometheus.io/docs/operating/security/" },
  check = function(e)
    if e.kind == "prometheus.server" then
      if e.admin_api then return fail("the admin API of Prometheus " .. e.name .. " is on", { case = "operator", at = "admin_api" }) end
      return
    end
    if e.kind == "k8s.workload" then
      local c = kube.container(e, image)
      if one_of(kube.flag(c, "web.enable-admin-api"), "", "true") then
        return fail("the admin API of " .. e.name .. " is on (--web.enable-admin-api)", { case = "admin", at = c.at })
      end
      return
    end
    return exposed.each(e, what, function(product)
      return exposed.label(e) .. " leads to " .. product .. " without a login or a limit of sources"
    end)
  end,
  fix = set("admin_api", false, "operator"),
  tests = {
    fail = { yaml [[
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: fire }
spec: { rules: [{ host: m.example.com, http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: prometheus, port: { number: 9090 } } } }] } }] }
---
apiVersion: v1
kind: Service
metadata: { name: prometheus }
spec: { type: ClusterIP, selector: { app: prometheus }, ports: [{ name: http, port: 9090 }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: prometheus }
spec:
  selector: { matchLabels: { app: prometheus } }
  template:
    metadata: { labels: { app: prometheus } }
    spec:
      containers:
        - { name: app, image: "quay.io/prometheus/prometheus:v3.0.0" }
]], yaml [[
apiVersion: v1
kind: Service
metadata: { name: fire }
spec: { type: LoadBalancer, selector: { app: am }, ports: [{ name: http, port: 9090 }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: am }
spec:
  selector: { matchLabels: { app: am } }
  template:
    metadata: { labels: { app: am } }
    spec:
      containers:
        - { name: app, image: "quay.io/prometheus/alertmanager:v0.27.0" }
]], yaml [[
apiVersion: apps/v1
kind: Deployment
metadata: { name: fire }
spec:
  selector: { matchLabels: { app: fire } }
  template:
    metadata: { labels: { app: fire } }
    spec:
      containers:
        - { name: app, image: "quay.io/prometheus/prometheus:v3.0.0", args: ["--web.enable-admin-api"] }
]], yaml [[
apiVersion: monitoring.coreos.com/v1
kind: Prometheus
metadata: { name: fire }
spec: { enableAdminAPI: true }
]] },
    pass = { yaml [[
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: dont-fire, annotations: { nginx.ingress.kubernetes.io/auth-url: "https://auth.example.com" } }
spec: { rules: [{ host: m.example.com, http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: prometheus, port: { number: 9090 } } } }] } }] }
]], yaml [[
apiVersion: v1
kind: Service
metadata: { name: dont-fire }
spec: { type: ClusterIP, selector: { app: prometheus }, ports: [{ name: http, port: 9090 }] }
]], yaml [[
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: dont-fire }
spec: { rules: [{ host: m.example.com, http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 9090 } } } }] } }] }
]] },
    unknown = { yaml [[
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: { name: a }
spec: { hosts: [m.example.com], gateways: [public], http: [{ route: [{ destination: { host: prometheus } }] }] }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: sso, namespace: istio-system }
spec: { action: CUSTOM, provider: { name: sso }, rules: [{}] }
]] },
  },
}
