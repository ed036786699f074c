return rule {
  id = "ISTIO-008", title = "Gateway serves plain HTTP or old TLS",
  severity = "high", category = "encryption",
  frameworks = { "NIST-800-53r5:SC-8", "PCI-DSS-4.0:4.2.1", "SOC2:CC6.7", "ISO27001-2022:A.8.24" },
  for_each = "istio.gateway",
  description = [[What the gateway serves over plain HTTP can be read and changed on the way; TLS 1.0 and 1.1 are retired (RFC 8996).
PASSTHROUGH for every host lets clients reach whatever service they name.]],
  remediation = [[Set `tls.httpsRedirect: true` on the HTTP server, and `minProtocolVersion: TLSV1_2`; name hosts for PASSTHROUGH.]],
  references = { "https://istio.io/latest/docs/reference/config/networking/gateway/#ServerTLSSettings" },
  check = function(e)
    local egress = false
    for _, value in pairs(e.raw.spec.selector or {}) do egress = egress or match(tostring(value), "egress") ~= nil end
    return each(e.raw.spec.servers or {}, function(server)
      local tls, port = server.tls or {}, server.port or {}
      local number = port.number ~= nil and tostring(math.tointeger(tonumber(port.number)) or port.number) or "?"
      -- Inside the mesh the way to an egress gateway is encrypted by the mesh.
      if one_of(upper(tostring(port.protocol)), "HTTP", "HTTP2", "GRPC") and tls.httpsRedirect ~= true and not egress then
        return fail("gateway " .. e.name .. " serves plain " .. port.protocol .. " on port " .. number, { at = server })
      end
      if one_of(tls.minProtocolVersion, "TLSV1_0", "TLSV1_1") then
        return fail("gateway " .. e.name .. " admits " .. tls.minProtocolVersion .. " on port " .. number,
          { case = "version", at = tls, within = tls })
      end
      if tls.mode == "PASSTHROUGH" and has(server.hosts or {}, "*") then
        return fail("gateway " .. e.name .. " passes every host through on port " .. number, { at = server })
      end
    end)
  end,
  fix = set("within.minProtocolVersion", "TLSV1_2", "version"),
  tests = {
    fail = { yaml [[
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: fire }
spec: { selector: { istio: ingressgateway }, servers: [{ port: { number: 80, name: http, protocol: HTTP }, hosts: [shop.example.com] }] }
]], yaml [[
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: fire }
spec: { selector: { istio: ingressgateway }, servers: [{ port: { number: 443, name: https, protocol: HTTPS }, tls: { mode: SIMPLE, credentialName: a, minProtocolVersion: TLSV1_0 }, hosts: [shop.example.com] }] }
]] },
    pass = { yaml [[
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: { name: dont-fire }
spec: { selector: { istio: ingressgateway }, servers: [{ port: { number: 80, name: http, protocol: HTTP }, tls: { httpsRedirect: true }, hosts: [shop.example.com] }, { port: { number: 443, name: https, protocol: HTTPS }, tls: { mode: SIMPLE, credentialName: a }, hosts: [shop.example.com] }] }
]] },
    unknown = { [[
variable "v" {}
resource "kubernetes_manifest" "a" {
  manifest = {
    apiVersion = "networking.istio.io/v1"
    kind       = "Gateway"
    metadata   = { name = "a" }
    spec       = { servers = [{ port = { number = 443, protocol = "HTTPS" }, tls = { minProtocolVersion = var.v }, hosts = ["a.example.com"] }] }
  }
}]] },
  },
}
