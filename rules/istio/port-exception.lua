local kube = lib "kube"

return rule {
  id = "ISTIO-002", title = "Port-level exception turns mutual TLS off",
  severity = "medium", category = "encryption",
  frameworks = { "NIST-800-53r5:SC-8", "PCI-DSS-4.0:4.2.1", "SOC2:CC6.7", "ISO27001-2022:A.8.24" },
  for_each = "istio.peerauthentication",
  description = [[A port without mutual TLS can be reached in clear text by every pod, however strict the rest of the workload is.]],
  remediation = [[Remove the exception from `portLevelMtls`, or set it to STRICT.]],
  references = { "https://istio.io/latest/docs/reference/config/security/peer_authentication/" },
  check = function(e)
    local ports = e.raw.spec and e.raw.spec.portLevelMtls or {}
    return each(keys(ports), function(port)
      local mode = ports[port].mode
      if one_of(mode, "DISABLE", "PERMISSIVE") then
        return fail("policy " .. e.name .. " accepts clear text on port " .. port .. " (" .. mode .. ")",
          { at = ports[port], severity = kube.severity(e) })
      end
    end)
  end,
  tests = {
    fail = { yaml [[
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: fire }
spec: { selector: { matchLabels: { app: a } }, mtls: { mode: STRICT }, portLevelMtls: { "8080": { mode: DISABLE } } }
]] },
    pass = { yaml [[
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: { name: dont-fire }
spec: { mtls: { mode: STRICT } }
]] },
    unknown = { [[
variable "v" {}
resource "kubernetes_manifest" "a" {
  manifest = {
    apiVersion = "security.istio.io/v1"
    kind       = "PeerAuthentication"
    metadata   = { name = "a" }
    spec       = { portLevelMtls = { "8080" = { mode = var.v } } }
  }
}]] },
  },
}
