local pod = lib "pod"
local mesh = lib "mesh"

local function demands(policy)
  for _, rule in ipairs(policy.raw.spec and policy.raw.spec.rules or {}) do
    for _, from in ipairs(rule.from or {}) do
      if from.source ~= nil and (from.source.requestPrincipals ~= nil or from.source.notRequestPrincipals ~= nil) then return true end
    end
    for _, condition in ipairs(rule.when or {}) do
      if starts(tostring(condition.key), "request.auth.") then return true end
    end
  end
  return policy.action == "CUSTOM"
end

-- Whether every workload of the authentication is one of the policy's.
local function covers(policy, e)
  local target, wanted = policy.raw.spec and policy.raw.spec.targetRefs, e.raw.spec and e.raw.spec.targetRefs
  if target ~= nil or wanted ~= nil then
    return target ~= nil and wanted ~= nil and target[1].name == wanted[1].name
  end
  local selector = mesh.selector(e)
  for key, value in pairs(mesh.selector(policy) or {}) do
    if selector == nil or selector[key] ~= value then return false end
  end
  return true
end

return rule {
  id = "ISTIO-006", title = "End-user tokens are accepted without being demanded",
  severity = "medium", category = "least-privilege",
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = "istio.requestauthentication",
  description = [[A RequestAuthentication refuses wrong tokens, but requests without any token pass.]],
  remediation = [[Add an AuthorizationPolicy for the same workloads that demands `requestPrincipals` (or denies `notRequestPrincipals:
["*"]`).]],
  references = { "https://istio.io/latest/docs/reference/config/security/request_authentication/" },
  check = function(e)
    for _, space in ipairs { pod.namespace(e), mesh.root() } do
      for _, policy in ipairs(pod.inside("istio.authorizationpolicy", space)) do
        if covers(policy, e) and demands(policy) then return end
      end
    end
    return fail("tokens that " .. e.name .. " checks are not demanded: no policy requires a request principal", { at = e.raw.spec })
  end,
  tests = {
    fail = { yaml [[
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: { name: fire }
spec: { selector: { matchLabels: { app: web } }, jwtRules: [{ issuer: a }] }
]] },
    pass = { yaml [[
apiVersion: security.istio.io/v1
kind: RequestAuthentication
metadata: { name: dont-fire }
spec: { selector: { matchLabels: { app: web } }, jwtRules: [{ issuer: a }] }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: jwt }
spec: { selector: { matchLabels: { app: web } }, action: DENY, rules: [{ from: [{ source: { notRequestPrincipals: ["*"] } }] }] }
]] },
    unknown = { [[
variable "v" {}
resource "kubernetes_manifest" "a" {
  manifest = {
    apiVersion = "security.istio.io/v1"
    kind       = "RequestAuthentication"
    metadata   = { name = "a" }
    spec       = { selector = { matchLabels = { app = "a" } } }
  }
}
resource "kubernetes_manifest" "b" {
  manifest = {
    apiVersion = "security.istio.io/v1"
    kind       = "AuthorizationPolicy"
    metadata   = { name = "b" }
    spec       = { rules = var.v }
  }
}]] },
  },
}
