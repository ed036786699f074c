local kube = lib "kube"
local ingress = lib "ingress"

local admin = "(?i)^/(?:admin|administrator|wp-admin|phpmyadmin|actuator|manager|grafana|prometheus|alertmanager|kibana|jenkins|argocd|debug)"
  .. "(?:/|$|\\()"

local guards = { "nginx.ingress.kubernetes.io/whitelist-source-range", "nginx.ingress.kubernetes.io/auth-url",
  "nginx.ingress.kubernetes.io/auth-type", "nginx.ingress.kubernetes.io/auth-tls-secret",
    "nginx.ingress.kubernetes.io/allowlist-source-range",
  "alb.ingress.kubernetes.io/inbound-cidrs", "alb.ingress.kubernetes.io/auth-type", "alb.ingress.kubernetes.io/security-groups" }

local limits = { "nginx.ingress.kubernetes.io/limit-rps", "nginx.ingress.kubernetes.io/limit-rpm",
  "nginx.ingress.kubernetes.io/limit-connections", "nginx.ingress.kubernetes.io/enable-modsecurity", "nginx.org/limit-req-rate",
  "alb.ingress.kubernetes.io/wafv2-acl-arn", "alb.ingress.kubernetes.io/waf-acl-id", "alb.ingress.kubernetes.io/web-acl-id" }

local function any(e, names)
  for _, name in ipairs(names) do
    local value = kube.annotation(e, name)
    if value ~= nil and value ~= "" and value ~= "0.0.0.0/0" and value ~= "none" and value ~= "false" then return true end
  end
  return false
end

local function guarded(e) return any(e, guards) end

-- Google's load balancers take their limits from a BackendConfig of the Service; other controllers have ways of their own.
local function limited(e)
  return any(e, limits) or not one_of(ingress.controller(e), "nginx", "alb")
end

return rule {
  id = "K8S-ING-005", title = "Public Ingress has no rate limit or source limit for an administrative path",
  severity = "medium", category = "network",
  frameworks = { "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6", "ISO27001-2022:A.8.20" },
  for_each = "k8s.ingress",
  description = [[An administrative path that everybody reaches is guessed and attacked first; without a limit of requests one client
can take all of them.]],
  remediation = [[Limit the source (`whitelist-source-range`, `inbound-cidrs`) or ask for a login (`auth-url`, `auth-tls-secret`) on
administrative paths; set `limit-rps` or attach a firewall.]],
  references = { "https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/" },
  check = function(e)
    local exposure, why = ingress.exposure(e)
    if exposure == "internal" then return end
    local found = {}
    if not guarded(e) then
      found[1] = each(ingress.rules(e), function(rule)
        return each(ingress.paths(e, rule), function(entry)
          if entry.path ~= nil and match(entry.path, admin) then
            if exposure == nil then unknown(why) end
            return fail("ingress " .. e.name .. " serves " .. entry.path .. " to the internet without a limit of sources or a login",
              { case = "admin", at = entry.at })
          end
        end)
      end)
      if not limited(e) then
        if exposure == nil then unknown(why) end
        found[#found + 1] = fail("ingress " .. e.name .. " faces the internet without a limit of requests or a firewall",
          { case = "rate", severity = "low", at = e.raw.metadata })
      end
    end
    return found
  end,
  tests = {
    fail = { yaml [[
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: fire, annotations: { nginx.ingress.kubernetes.io/limit-rps: "5" } }
spec: { ingressClassName: nginx, rules: [{ host: shop.example.com, http: { paths: [{ path: /admin, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] } }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ingress, namespace: ingress }
spec:
  selector: { matchLabels: { app: ingress } }
  template: { metadata: { labels: { app: ingress } }, spec: { containers: [{ name: controller, image: "registry.k8s.io/ingress-nginx/controller:v1.12.1" }] } }
---
apiVersion: v1
kind: Service
metadata: { name: ingress, namespace: ingress }
spec: { type: LoadBalancer, selector: { app: ingress }, ports: [{ port: 443 }] }
]], yaml [[
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: fire, annotations: { alb.ingress.kubernetes.io/scheme: internet-facing } }
spec: { ingressClassName: alb, rules: [{ host: shop.example.com, http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] } }] }
]] },
    pass = { yaml [[
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: dont-fire, annotations: { nginx.ingress.kubernetes.io/whitelist-source-range: "192.0.2.0/24" } }
spec: { ingressClassName: nginx, rules: [{ host: shop.example.com, http: { paths: [{ path: /admin, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] } }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: ingress, namespace: ingress }
spec:
  selector: { matchLabels: { app: ingress } }
  template: { metadata: { labels: { app: ingress } }, spec: { containers: [{ name: controller, image: "registry.k8s.io/ingress-nginx/controller:v1.12.1" }] } }
---
apiVersion: v1
kind: Service
metadata: { name: ingress, namespace: ingress }
spec: { type: LoadBalancer, selector: { app: ingress }, ports: [{ port: 443 }] }
]], yaml [[
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: dont-fire }
spec: { ingressClassName: alb, rules: [{ host: shop.example.com, http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] } }] }
]] },
    unknown = { yaml [[
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: a }
spec: { ingressClassName: nginx, rules: [{ host: shop.example.com, http: { paths: [{ path: /admin, pathType: Prefix, backend: { service: { name: web, port: { number: 80 } } } }] } }] }
]] },
  },
}
