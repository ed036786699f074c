local pod = lib "pod"
local ingress = lib "ingress"

local function serves(service, port)
  if port.number == nil and port.name == nil then return true end
  for _, entry in ipairs(service.raw.spec and (service.raw.spec.ports or service.raw.spec.port) or {}) do
    if port.number ~= nil and tonumber(entry.port) == tonumber(port.number) then return true end
    if port.name ~= nil and entry.name == port.name then return true end
  end
  return service.service_type == "ExternalName"
end

local function judge(e, space, name, port, at)
  -- The ALB controller's actions stand in annotations.
  if port.name == "use-annotation" then return end
  local service
  for _, candidate in ipairs(pod.inside("k8s.service", space)) do -- several charts may each have one of that name
    if candidate.name == name then
      if serves(candidate, port) then return end
      service = candidate
    end
  end
  if service == nil then
    if #pod.inside("k8s.service", space) == 0 and not pod.shows_all(e, "k8s.service") then
      unknown("no Service of namespace " .. space .. " is in the scan; " .. name .. " may exist in the cluster")
    end
    return fail(e.name .. " leads to the Service " .. name .. ", which does not exist in " .. space, { at = at })
  end
  local shown = port.name or tostring(math.tointeger(tonumber(port.number)) or port.number)
  return fail(e.name .. " leads to port " .. shown .. " of the Service " .. name .. ", which has no such port", { at = at })
end

return rule {
  id = "K8S-ING-003", title = "Ingress points to a Service or port that does not exist",
  severity = "medium", category = "hygiene",
  version = 2, changes = { "any of several Services of the name may have the port" },
  aliases = { "dangling-ingress" },
  frameworks = { "NIST-800-53r5:CM-6", "PCI-DSS-4.0:2.2.1", "SOC2:CC8.1", "ISO27001-2022:A.8.9" },
  for_each = { "k8s.ingress", "gateway.route" },
  description = [[The controller answers 503 for a backend that is not there; when somebody else makes a Service of that name, they get
the traffic.]],
  remediation = [[Correct the name of the Service or the port, or remove the path.]],
  references = { "https://kubernetes.io/docs/concepts/services-networking/ingress/" },
  check = function(e)
    if e.kind == "gateway.route" then
      return each(e.raw.spec.rules or {}, function(rule)
        return each(rule.backendRefs or {}, function(ref)
          if (ref.kind or "Service") ~= "Service" or (ref.group or "") ~= "" then return end
          return judge(e, ref.namespace or pod.namespace(e), ref.name, { number = ref.port }, ref)
        end)
      end)
    end
    local space, found = pod.namespace(e), {}
    local default = e.raw.spec.defaultBackend or e.raw.spec.default_backend or e.raw.spec.backend
    if default ~= nil then
      local name, port = ingress.service(e, default)
      if name then found[1] = judge(e, space, name, port, default) end
    end
    found[#found + 1] = each(ingress.rules(e), function(rule)
      return each(ingress.paths(e, rule), function(entry)
        local name, port = ingress.service(e, entry.backend)
        if name then return judge(e, space, name, port, entry.at) end
      end)
    end)
    return found
  end,
  tests = {
    fail = { yaml [[
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: fire }
spec: { rules: [{ host: shop.example.com, http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: wb, port: { number: 80 } } } }] } }] }
---
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { selector: { app: web }, ports: [{ name: http, port: 80 }] }
]], yaml [[
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: fire }
spec: { rules: [{ host: shop.example.com, http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 81 } } } }] } }] }
---
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { selector: { app: web }, ports: [{ name: http, port: 80 }] }
]] },
    pass = { yaml [[
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: dont-fire }
spec: { rules: [{ host: shop.example.com, http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] } }] }
---
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { selector: { app: web }, ports: [{ name: http, port: 80 }] }
]], files { ["a/web.yaml"] = [[
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: dont-fire }
spec: { rules: [{ host: shop.example.com, http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] } }] }
---
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { selector: { app: web }, ports: [{ name: http, port: 80 }] }
]], ["b/web.yaml"] = [[
apiVersion: v1
kind: Service
metadata: { name: web }
spec: { selector: { app: other }, ports: [{ name: http, port: 8080 }] }
]] } },
    unknown = { yaml [[
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: a }
spec: { rules: [{ host: shop.example.com, http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] } }] }
]] },
  },
}
