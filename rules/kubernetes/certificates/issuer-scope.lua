local pod = lib "pod"
local kube = lib "kube"

local function issuer_of(e, ref)
  for _, issuer in ipairs(graph.all("certmanager.issuer")) do
    local cluster = ends(issuer.type, "/ClusterIssuer")
    if issuer.name == ref.name and cluster == (ref.kind == "ClusterIssuer")
        and (cluster or pod.namespace(issuer) == pod.namespace(e)) then
      return issuer
    end
  end
end

return rule {
  id = "K8S-CERT-001", title = "Issuer can be used from every namespace or points to a staging authority in production",
  severity = "medium", category = "least-privilege",
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = { "certmanager.issuer", "certmanager.certificate" },
  where = function(e)
    if e.kind == "certmanager.issuer" then return ends(e.type, "/ClusterIssuer") end
    return kube.production(e) and e.raw.spec.issuerRef ~= nil
  end,
  description = [[A ClusterIssuer whose DNS solver names no zone lets every namespace have certificates for every zone of the account.
Browsers and services do not trust staging and self-signed certificates, so people learn to skip the check.]],
  remediation = [[Give solvers a `selector` with `dnsZones`; refer to the production issuer in production.]],
  references = { "https://cert-manager.io/docs/configuration/acme/dns01/" },
  check = function(e)
    if e.kind == "certmanager.issuer" then
      return each(e.raw.spec.acme and e.raw.spec.acme.solvers or {}, function(solver)
        if solver.dns01 == nil then return end
        local selector = solver.selector
        local zones, names = selector and selector.dnsZones, selector and selector.dnsNames
        if (zones == nil or #zones == 0) and (names == nil or #names == 0) then
          return fail("every namespace gets certificates for every zone of the DNS solver of " .. e.name, { at = solver })
        end
      end)
    end
    local ref = e.raw.spec.issuerRef
    local issuer = issuer_of(e, ref)
    if issuer == nil then
      if match(ref.name, "(?i)staging|self-?signed") then
        return fail("certificate " .. e.name .. " of production is issued by " .. ref.name, { at = ref })
      end
      unknown("issuer " .. ref.name .. " is not in the scan")
    end
    if issuer.raw.spec.selfSigned ~= nil and e.raw.spec.isCA ~= true then
      return fail("certificate " .. e.name .. " of production is self-signed (issuer " .. issuer.name .. ")", { at = ref })
    end
    local server = issuer.raw.spec.acme and issuer.raw.spec.acme.server
    if server ~= nil and match(server, "(?i)staging") then
      return fail("certificate " .. e.name .. " of production comes from a staging authority (issuer " .. issuer.name .. ")", { at = ref })
    end
  end,
  tests = {
    fail = { yaml [[
apiVersion: cert-manager.io/v1
kind: ClusterIssuer
metadata: { name: fire }
spec: { acme: { server: "https://acme-v02.api.letsencrypt.org/directory", solvers: [{ dns01: { route53: { region: eu-west-1 } } }] } }
]], yaml [[
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: { name: fire, namespace: shop-prod }
spec: { secretName: a, dnsNames: [a.example.com], issuerRef: { kind: Issuer, name: own } }
---
apiVersion: cert-manager.io/v1
kind: Issuer
metadata: { name: own, namespace: shop-prod }
spec: { selfSigned: {} }
]] },
    pass = { yaml [[
apiVersion: cert-manager.io/v1
kind: ClusterIssuer
metadata: { name: dont-fire }
spec: { acme: { server: "https://acme-v02.api.letsencrypt.org/directory", solvers: [{ selector: { dnsZones: [example.com] }, dns01: { route53: { region: eu-west-1 } } }] } }
]], yaml [[
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: { name: dont-fire, namespace: shop-prod }
spec: { secretName: a, dnsNames: [a.example.com], issuerRef: { kind: ClusterIssuer, name: acme } }
---
apiVersion: cert-manager.io/v1
kind: ClusterIssuer
metadata: { name: acme }
spec: { acme: { server: "https://acme-v02.api.letsencrypt.org/directory", solvers: [{ http01: { ingress: {} } }] } }
]] },
    unknown = { yaml [[
apiVersion: cert-manager.io/v1
kind: Certificate
metadata: { name: a, namespace: shop-prod }
spec: { secretName: a, dnsNames: [a.example.com], issuerRef: { kind: ClusterIssuer, name: acme } }
]] },
  },
}
