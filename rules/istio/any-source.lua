local pod = lib "pod"
local mesh = lib "mesh"

-- Whether the rule is only about paths that everyone may ask.
local function public(rule)
  local pattern = param("public_paths", "^/(?:healthz?|livez|readyz?|ready|live|health/.*|\\.well-known/.*)$")
  local to = rule.to
  if to == nil or #to == 0 then return false end
  for _, entry in ipairs(to) do
    local paths = entry.operation and entry.operation.paths
    if paths == nil or #paths == 0 then return false end
    for _, path in ipairs(paths) do
      if not match(path, pattern) then return false end
    end
  end
  return true
end

-- Whether conditions ask for an identity or an address.
local function demands(rule)
  for _, condition in ipairs(rule.when or {}) do
    if match(tostring(condition.key), "^(?:source\\.|remote\\.ip|request\\.auth\\.|request\\.headers)") then return true end
  end
  return false
end

local function what(rule)
  local paths = rule.to and rule.to[1] and rule.to[1].operation and rule.to[1].operation.paths
  return paths ~= nil and paths[1] ~= nil and "requests to " .. paths[1] or "requests"
end

return rule {
  id = "ISTIO-005", title = "Authorisation policy allows any source",
  severity = "high", category = "least-privilege",
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = "istio.authorizationpolicy",
  where = function(e)
    -- What a gateway lets in comes from outside the mesh; it has hosts and paths, no principals.
    for _, value in pairs(mesh.selector(e) or {}) do
      if match(tostring(value), "gateway") then return false end
    end
    return true
  end,
  description = [[A rule that names no source lets every workload of the mesh in, and without mutual TLS every pod. Paths that are
public by intent stand in the parameter `public_paths` (health and readiness by default).]],
  remediation = [[Name the principals, namespaces or request principals that may call.]],
  references = { "https://istio.io/latest/docs/reference/config/security/authorization-policy/" },
  check = function(e)
    if e.action ~= "ALLOW" then return end
    return each(e.raw.spec and e.raw.spec.rules or {}, function(rule)
      if public(rule) then return end
      if pod.first_key(rule) == nil then
        return fail("policy " .. e.name .. " allows every request (an empty rule)", { at = rule })
      end
      if rule.from == nil then
        if not demands(rule) then
          return fail("policy " .. e.name .. " allows " .. what(rule) .. " from every source (a rule without from)", { at = rule })
        end
        return
      end
      return each(rule.from, function(from)
        local source = from.source or {}
        for _, field in ipairs { "principals", "namespaces" } do
          if has(source[field] or {}, "*") and source.requestPrincipals == nil and source.ipBlocks == nil then
            return fail("policy " .. e.name .. " allows " .. what(rule) .. " from every source (" .. field .. " is *)", { at = from })
          end
        end
      end)
    end)
  end,
  tests = {
    fail = { yaml [[
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: fire }
spec: { rules: [{}] }
]], yaml [[
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: fire }
spec: { action: ALLOW, rules: [{ to: [{ operation: { methods: [GET] } }] }] }
]], yaml [[
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: fire }
spec: { rules: [{ from: [{ source: { namespaces: ["*"] } }] }] }
]] },
    pass = { yaml [[
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: dont-fire }
spec: {}
]], yaml [[
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: dont-fire }
spec: { rules: [{ from: [{ source: { principals: ["cluster.local/ns/shop/sa/web"] } }] }] }
]], yaml [[
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: dont-fire }
spec: { rules: [{ to: [{ operation: { paths: [/healthz] } }] }] }
]] },
    unknown = { [[
variable "v" {}
resource "kubernetes_manifest" "a" {
  manifest = {
    apiVersion = "security.istio.io/v1"
    kind       = "AuthorizationPolicy"
    metadata   = { name = "a" }
    spec       = { rules = [{ from = var.v }] }
  }
}]] },
  },
}
