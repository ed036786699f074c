local pod = lib "pod"
local mesh = lib "mesh"

-- Every place of a rule that has TLS settings: { tls, label }.
local function settings(spec)
  local found = {}
  local function policy(p, label)
    if p == nil then return end
    if p.tls ~= nil then found[#found + 1] = { tls = p.tls, label = label } end
    for _, port in ipairs(p.portLevelSettings or {}) do
      if port.tls ~= nil then found[#found + 1] = { tls = port.tls, label = label .. ", port "
        .. tostring(port.port and port.port.number) } end
    end
  end
  policy(spec.trafficPolicy, "trafficPolicy.tls.mode is DISABLE")
  for _, subset in ipairs(spec.subsets or {}) do policy(subset.trafficPolicy, "subset " .. tostring(subset.name)) end
  return found
end

-- SIMPLE without caCertificates checks against the system's authorities (VERIFY_CERTIFICATE_AT_CLIENT), so only
-- insecureSkipVerify means no check.
return rule {
  id = "ISTIO-003", title = "Client side of the mesh connects in clear text",
  severity = "high", category = "encryption",
  frameworks = { "NIST-800-53r5:SC-8", "PCI-DSS-4.0:4.2.1", "SOC2:CC6.7", "ISO27001-2022:A.8.24" },
  for_each = "istio.destinationrule",
  description = [[The proxy of the client does as this rule says: DISABLE sends clear text to a host of the mesh, and a certificate that
is not checked can be anybody's.]],
  remediation = [[Remove the mode or set ISTIO_MUTUAL for hosts of the mesh; for others use SIMPLE with `caCertificates` or the system's
authorities.]],
  references = { "https://istio.io/latest/docs/reference/config/networking/destination-rule/#ClientTLSSettings" },
  check = function(e)
    local spec = e.raw.spec
    local inside = mesh.service(spec.host, pod.namespace(e)) ~= nil or ends(spec.host, ".local")
    local found = {}
    for _, place in ipairs(settings(spec)) do
      local mode = place.tls.mode
      if mode == "DISABLE" and inside then
        found[#found + 1] = fail("clients of " .. spec.host .. " connect in clear text (" .. place.label .. ")",
          { case = "clear", at = place.tls, within = place.tls })
      elseif place.tls.insecureSkipVerify == true then
        found[#found + 1] = fail("clients of " .. spec.host .. " do not check its certificate (insecureSkipVerify)",
          { case = "verify", at = place.tls, within = place.tls })
      end
    end
    return found
  end,
  fix = { set("within.mode", "ISTIO_MUTUAL", "clear"), set("within.insecureSkipVerify", false, "verify") },
  tests = {
    fail = { yaml [[
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: fire }
spec: { host: web.shop.svc.cluster.local, trafficPolicy: { tls: { mode: DISABLE } } }
]], yaml [[
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: fire }
spec: { host: api.example.com, trafficPolicy: { tls: { mode: SIMPLE, insecureSkipVerify: true } } }
]] },
    pass = { yaml [[
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: dont-fire }
spec: { host: web, trafficPolicy: { tls: { mode: ISTIO_MUTUAL } } }
]], yaml [[
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: { name: dont-fire }
spec: { host: api.example.com, trafficPolicy: { tls: { mode: SIMPLE } } }
]] },
    unknown = { [[
variable "v" {}
resource "kubernetes_manifest" "a" {
  manifest = {
    apiVersion = "networking.istio.io/v1"
    kind       = "DestinationRule"
    metadata   = { name = "a" }
    spec       = { host = "web", trafficPolicy = { tls = { mode = var.v } } }
  }
}]] },
  },
}
