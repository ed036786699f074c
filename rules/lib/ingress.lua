-- Ingresses: their class, hosts, backends, and who can reach them.

local pod = lib "pod"
local kube = lib "kube"
local ingress = {}

-- The class, by field or by the annotation of old; nil: the cluster's default.
function ingress.class(e)
  return pod.get(e, e.raw.spec, "ingressClassName") or kube.annotation(e, "kubernetes.io/ingress.class")
end

-- "nginx", "alb", "gce", "traefik", or nil: what serves it, by class or by the annotations that it carries.
function ingress.controller(e)
  local class = ingress.class(e)
  if class then
    class = lower(class)
    for _, name in ipairs { "nginx", "alb", "gce", "traefik", "kong", "haproxy", "istio", "azure" } do
      if string.find(class, name, 1, true) then return name end
    end
    return nil
  end
  for _, name in ipairs(keys(e.raw.metadata and e.raw.metadata.annotations or {})) do
    if starts(name, "nginx.ingress.kubernetes.io/") or starts(name, "nginx.org/") then return "nginx" end
    if starts(name, "alb.ingress.kubernetes.io/") then return "alb" end
    if starts(name, "traefik.ingress.kubernetes.io/") then return "traefik" end
  end
end

function ingress.rules(e)
  return e.raw.spec and (e.raw.spec.rules or e.raw.spec.rule) or {}
end

-- Paths of a rule: { path, backend }.
function ingress.paths(e, rule)
  local found = {}
  for _, entry in ipairs(rule.http and (rule.http.paths or rule.http.path) or {}) do
    found[#found + 1] = { path = entry.path, backend = entry.backend, at = entry }
  end
  return found
end

-- The Service and port that a backend names: name, { number = n } or { name = s }; nil for other resources.
function ingress.service(e, backend)
  if backend == nil then return nil end
  if backend.service ~= nil then
    return backend.service.name, backend.service.port or {}
  end
  local name, port = pod.get(e, backend, "serviceName"), pod.get(e, backend, "servicePort")
  if name == nil then return nil end
  if port ~= nil and tonumber(port) then return name, { number = tonumber(port) } end
  return name, { name = port }
end

-- Hosts of the tls entries; an entry without hosts stands for all, which "*" shows.
function ingress.tls_hosts(e)
  local hosts = {}
  for _, entry in ipairs(e.raw.spec and e.raw.spec.tls or {}) do
    if entry.hosts == nil or #entry.hosts == 0 then hosts["*"] = true end
    for _, host in ipairs(entry.hosts or {}) do hosts[lower(host)] = true end
  end
  return hosts
end

-- Whether a host is among them, itself or by a wildcard of its parent.
function ingress.covers(hosts, host)
  if hosts["*"] then return true end
  host = lower(host)
  if hosts[host] then return true end
  local parent = match(host, "^[^.]+\\.(.+)$")
  return parent ~= nil and hosts["*." .. parent] == true
end

local controller_images = "ingress-nginx/controller|nginx-ingress-controller|(?:^|/)nginx-ingress$"

-- Workloads that are an nginx controller.
function ingress.controllers()
  local found = {}
  for _, e in ipairs(graph.all("k8s.workload")) do
    if kube.container(e, controller_images) then found[#found + 1] = e end
  end
  return found
end

ingress.controller_images = controller_images

-- Annotations by which load balancers get their certificate.
function ingress.certificate_elsewhere(e)
  for _, name in ipairs { "alb.ingress.kubernetes.io/certificate-arn", "networking.gke.io/managed-certificates",
    "ingress.gcp.kubernetes.io/pre-shared-cert", "appgw.ingress.kubernetes.io/appgw-ssl-certificate" } do
    if kube.annotation(e, name) then return true end
  end
  local ports = kube.annotation(e, "alb.ingress.kubernetes.io/listen-ports")
  if ports and match(ports, "HTTPS")
      and (not match(ports, "\\bHTTP\\b") or kube.annotation(e, "alb.ingress.kubernetes.io/ssl-redirect")) then
    return true -- the certificate is found by host
  end
  if kube.annotation(e, "traefik.ingress.kubernetes.io/router.tls") == "true" then return true end
  for _, workload in ipairs(ingress.controllers()) do
    for _, c in ipairs(pod.containers(workload)) do
      if kube.flag(c, "default-ssl-certificate") then return true end
    end
  end
  return false
end

local internal_service = { "aws-load-balancer-internal", "aws-load-balancer-scheme", "load-balancer-type", "azure-load-balancer-internal" }

local function service_is_internal(service)
  for _, name in ipairs(keys(service.raw.metadata and service.raw.metadata.annotations or {})) do
    for _, wanted in ipairs(internal_service) do
      if ends(name, wanted) and match(kube.annotation(service, name), "(?i)^(?:true|internal|0\\.0\\.0\\.0/0)$") then return true end
    end
  end
  return false
end

-- "public", "internal", or nil and why it is not known.
function ingress.exposure(e)
  local controller = ingress.controller(e)
  if controller == "alb" then
    return kube.annotation(e, "alb.ingress.kubernetes.io/scheme") == "internet-facing" and "public" or "internal"
  end
  if controller == "gce" then
    return ingress.class(e) == "gce-internal" and "internal" or "public"
  end
  local class = ingress.class(e)
  if class and match(class, "(?i)internal|private") then return "internal" end
  for _, workload in ipairs(ingress.controllers()) do
    for _, service in ipairs(pod.services(workload)) do
      if service.service_type == "LoadBalancer" then
        return service_is_internal(service) and "internal" or "public"
      end
    end
  end
  return nil, "the controller that serves ingress " .. e.name .. " is not in the scan; whether it faces the internet is not known"
end

return ingress
