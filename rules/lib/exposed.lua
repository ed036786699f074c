-- What leads from outside to a Service: Ingresses, routes of gateways and of the mesh, load balancers.

local pod = lib "pod"
local kube = lib "kube"
local ingress = lib "ingress"
local exposed = {}

exposed.kinds = { "k8s.ingress", "gateway.route", "istio.virtualservice", "k8s.service" }

local logins = { "nginx.ingress.kubernetes.io/auth-url", "nginx.ingress.kubernetes.io/auth-type",
  "nginx.ingress.kubernetes.io/auth-tls-secret",
  "nginx.ingress.kubernetes.io/whitelist-source-range", "nginx.ingress.kubernetes.io/allowlist-source-range",
  "traefik.ingress.kubernetes.io/router.middlewares", "alb.ingress.kubernetes.io/auth-type", "alb.ingress.kubernetes.io/inbound-cidrs",
  "ingress.kubernetes.io/auth-type" }

-- Names of Services that the object leads to from outside: { space, name, at }.
local function backends(e)
  local found, space = {}, pod.namespace(e)
  local function add(name, at, of)
    if name ~= nil then found[#found + 1] = { space = of or space, name = name, at = at } end
  end
  if e.kind == "k8s.ingress" then
    for _, rule in ipairs(ingress.rules(e)) do
      for _, entry in ipairs(ingress.paths(e, rule)) do add((ingress.service(e, entry.backend)), entry.at) end
    end
    local default = e.raw.spec and (e.raw.spec.defaultBackend or e.raw.spec.default_backend or e.raw.spec.backend)
    if default ~= nil then add((ingress.service(e, default)), default) end
  elseif e.kind == "gateway.route" then
    for _, rule in ipairs(e.raw.spec.rules or {}) do
      for _, ref in ipairs(rule.backendRefs or {}) do add(ref.name, ref, ref.namespace) end
    end
  elseif e.kind == "istio.virtualservice" then
    local outside = false
    for _, gateway in ipairs(e.raw.spec.gateways or {}) do outside = outside or gateway ~= "mesh" end
    if not outside then return found end
    for _, protocol in ipairs { "http", "tcp", "tls" } do
      for _, rule in ipairs(e.raw.spec[protocol] or {}) do
        for _, route in ipairs(rule.route or {}) do
          local host = route.destination and route.destination.host
          if host ~= nil then
            local parts = split(host, ".")
            add(parts[1], route, parts[2])
          end
        end
      end
    end
  elseif one_of(e.service_type, "LoadBalancer", "NodePort") then
    add(e.name, e.raw.spec)
  end
  return found
end

-- namespace → name → the first Service of that name.
local function by_name()
  return once("exposed.services", function()
    local index = {}
    for _, service in ipairs(graph.all("k8s.service")) do
      local space, name = pod.namespace(service), service.name
      index[space] = index[space] or {}
      index[space][name] = index[space][name] or service
    end
    return index
  end)
end

local function service_of(backend)
  local named = by_name()[backend.space]
  return named and named[backend.name]
end

-- Whether the object itself asks for a login or a source.
local function guarded(e)
  if e.kind == "k8s.service" then
    if e.service_type == "NodePort" then return false end
    local ranges = e.raw.spec.loadBalancerSourceRanges or e.raw.spec.load_balancer_source_ranges
    for _, range in ipairs(ranges or {}) do
      if cidr.any(trim(range)) then return false end
    end
    if ranges ~= nil and #ranges > 0 then return true end
    for _, name in ipairs(keys(e.raw.metadata and e.raw.metadata.annotations or {})) do
      if match(name, "load-balancer-(?:internal|scheme|type|source-ranges)$")
          and match(kube.annotation(e, name), "(?i)^(?:true|internal|\\d[0-9./, ]*)$") then
        return true
      end
    end
    return false
  end
  for _, name in ipairs(logins) do
    local value = kube.annotation(e, name)
    if value ~= nil and value ~= "" and value ~= "none" and value ~= "0.0.0.0/0" then return true end
  end
  if e.kind == "k8s.ingress" then return (ingress.exposure(e)) == "internal" end
  return false
end

-- Calls what(service, workload) for each Service that the object leads to; a text says what it is. Returns failures with the
-- message that `message` makes of the object's description and that text.
function exposed.each(e, what, message)
  local seen = {}
  return each(backends(e), function(backend)
    if seen[backend.space .. "/" .. backend.name] then return end
    seen[backend.space .. "/" .. backend.name] = true
    local service = service_of(backend)
    local found, judged = nil, false
    for _, workload in ipairs(service and pod.selected(service) or {}) do
      judged = true
      found = found or what(backend.name, workload)
    end
    if not judged then found = what(backend.name, nil) end
    if not found or guarded(e) then return end
    if e.kind == "istio.virtualservice" and #graph.all("istio.authorizationpolicy") > 0 then
      unknown("an authorisation policy may guard the gateway; which requests it lets through is not decided here")
    end
    if e.kind == "gateway.route" then
      for _, rule in ipairs(e.raw.spec.rules or {}) do
        for _, filter in ipairs(rule.filters or {}) do
          if filter.type == "ExtensionRef" then unknown("a filter of route " .. e.name .. " may ask for a login") end
        end
      end
    end
    return fail(message(found), { at = backend.at })
  end)
end

-- What the object is, for messages.
function exposed.label(e)
  if e.kind == "k8s.service" then return e.service_type .. " Service " .. e.name end
  local parts = split(e.type, "/")
  return parts[#parts] .. " " .. e.name
end

return exposed
