local pod = lib "pod"
local ingress = lib "ingress"

-- "class host path" → namespace → true. What is not known claims nothing.
local function claimed()
  return once("ingress.claimed", function()
    local claims = {}
    for _, e in ipairs(graph.all("k8s.ingress")) do
      local space = pod.namespace(e)
      for _, rule in ipairs(known(ingress.rules(e)) and ingress.rules(e) or {}) do
        if known(rule.host) and known(rule.http) then
          for _, entry in ipairs(ingress.paths(e, rule)) do
            if known(entry.path) and known(space) then
              local key = (ingress.class(e) or "") .. " " .. lower(rule.host or "") .. " " .. (entry.path or "/")
              claims[key] = claims[key] or {}
              claims[key][space] = true
            end
          end
        end
      end
    end
    return claims
  end)
end

return rule {
  id = "K8S-ING-004", title = "Two Ingresses claim the same host and path",
  severity = "medium", category = "hygiene",
  frameworks = { "NIST-800-53r5:CM-6", "PCI-DSS-4.0:2.2.1", "SOC2:CC8.1", "ISO27001-2022:A.8.9" },
  for_each = "k8s.ingress",
  description = [[Which of the two is served depends on their age; a team can take over the path of another by accident or on purpose.]],
  remediation = [[Give each namespace its own host or path, and let admission control hold hosts to namespaces.]],
  references = { "https://kubernetes.io/docs/concepts/services-networking/ingress/" },
  check = function(e)
    local class, claims = ingress.class(e) or "", claimed()
    return each(ingress.rules(e), function(rule)
      return each(ingress.paths(e, rule), function(entry)
        local key = class .. " " .. lower(rule.host or "") .. " " .. (entry.path or "/")
        for space in pairs(claims[key] or {}) do
          if space ~= pod.namespace(e) then
            return fail("ingress " .. e.name .. " claims " .. (rule.host or "every host") .. (entry.path or "/")
              .. ", and so does one of namespace "
              .. space, { at = entry.at })
          end
        end
      end)
    end)
  end,
  tests = {
    fail = { yaml [[
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: fire, namespace: a }
spec: { rules: [{ host: shop.example.com, http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] } }] }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: fire, namespace: b }
spec: { rules: [{ host: shop.example.com, http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] } }] }
]] },
    pass = { yaml [[
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: dont-fire, namespace: a }
spec: { rules: [{ host: shop.example.com, http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] } }] }
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: dont-fire, namespace: b }
spec: { rules: [{ host: pay.example.com, http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] } }] }
]] },
    unknown = { [[
variable "host" {}
resource "kubernetes_ingress_v1" "a" {
  metadata { name = "a" }
  spec {
    rule {
      host = var.host
      http {
        path {
          path = "/"
        }
      }
    }
  }
}
]] },
  },
}
