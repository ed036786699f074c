local kube = lib "kube"
local mesh = lib "mesh"

return rule {
  id = "ISTIO-010", title = "Traffic to unknown destinations is allowed out",
  severity = "medium", category = "network",
  frameworks = { "NIST-800-53r5:AC-4", "PCI-DSS-4.0:1.3.2", "SOC2:CC6.7", "ISO27001-2022:A.8.12" },
  for_each = { "istio.operator", "k8s.configmap", "istio.sidecar", "istio.serviceentry" },
  where = function(e)
    return e.kind ~= "k8s.configmap" or mesh.text(e) ~= nil
  end,
  description = [[With ALLOW_ANY, the default, a workload that was broken into sends data wherever it likes; a ServiceEntry for a whole
domain that anyone may rent space in says the same.]],
  remediation = [[Set `outboundTrafficPolicy.mode: REGISTRY_ONLY` and add a ServiceEntry for each host that is needed.]],
  references = { "https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/#MeshConfig-OutboundTrafficPolicy" },
  check = function(e)
    if e.kind == "istio.serviceentry" then
      return each(e.raw.spec.hosts or {}, function(host)
        if host == "*" or match(host,
          "^\\*\\.(?:[a-z]+|(?:[a-z0-9.-]+\\.)?(?:amazonaws\\.com|cloudfront\\.net|github\\.io"
          .. "|herokuapp\\.com|blob\\.core\\.windows\\.net|appspot\\.com))$") then
          return fail("entry " .. e.name .. " opens the way to " .. host, { at = e.raw.spec.hosts })
        end
      end)
    end
    local environment = kube.environment(e)
    if environment ~= nil and environment ~= "prod" then return end
    if e.kind == "istio.sidecar" then
      if e.outbound == "ALLOW_ANY" then
        return fail("sidecar " .. e.name .. " lets workloads reach any host (ALLOW_ANY)", { case = "sidecar", at = "outbound" })
      end
      return
    end
    local mode, at
    if e.kind == "k8s.configmap" then
      local text = mesh.text(e)
      at, mode = e.raw.data, match(text, "outboundTrafficPolicy:\\s*\\{?\\s*mode:\\s*\"?([A-Z_]+)")
    else
      local config = e.raw.spec.meshConfig or (e.raw.spec.values and e.raw.spec.values.meshConfig)
      at, mode = config or e.raw.spec, config and config.outboundTrafficPolicy and config.outboundTrafficPolicy.mode
    end
    if mode ~= "REGISTRY_ONLY" then
      return fail("workloads of the mesh may reach any host (outboundTrafficPolicy.mode is "
        .. (mode or "not set, which means ALLOW_ANY") .. ")", { at = at })
    end
  end,
  fix = set("outbound", "REGISTRY_ONLY", "sidecar"),
  tests = {
    fail = { yaml [[
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: { name: fire, namespace: prod }
spec: { outboundTrafficPolicy: { mode: ALLOW_ANY } }
]], yaml [[
apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
metadata: { name: fire }
spec: { profile: default }
]], yaml [[
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: fire }
spec: { hosts: ["*.com"], ports: [{ number: 443, name: tls, protocol: TLS }] }
]], yaml [[
apiVersion: v1
kind: ConfigMap
metadata: { name: istio-fire, namespace: istio-system }
data: { mesh: "accessLogFile: /dev/stdout\noutboundTrafficPolicy:\n  mode: ALLOW_ANY\n" }
]] },
    pass = { yaml [[
apiVersion: install.istio.io/v1alpha1
kind: IstioOperator
metadata: { name: dont-fire }
spec: { meshConfig: { outboundTrafficPolicy: { mode: REGISTRY_ONLY } } }
]], yaml [[
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: { name: dont-fire }
spec: { hosts: [api.example.com], ports: [{ number: 443, name: tls, protocol: TLS }] }
]], yaml [[
apiVersion: v1
kind: ConfigMap
metadata: { name: istio-dont-fire, namespace: istio-system }
data: { mesh: "outboundTrafficPolicy:\n  mode: REGISTRY_ONLY\n" }
]] },
    unknown = { [[
variable "v" {}
resource "kubernetes_manifest" "a" {
  manifest = {
    apiVersion = "networking.istio.io/v1"
    kind       = "ServiceEntry"
    metadata   = { name = "a" }
    spec       = { hosts = [var.v] }
  }
}]] },
  },
}
