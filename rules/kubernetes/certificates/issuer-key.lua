local pod = lib "pod"
local secrets = lib "secrets"

-- Secrets that the issuer names, anywhere in its specification: { name, at }.
local function named(e)
  local found = {}
  local function walk(value, depth)
    if type(value) ~= "userdata" or depth > 8 then return end
    for key, child in pairs(value) do
      if type(key) == "string" and match(key, "(?i)secretRef$|^secretKeyRef$|credentialsRef$") and type(child) == "userdata"
        and child.name ~= nil then
        found[#found + 1] = { name = child.name, at = child }
      elseif key == "secretName" and type(child) == "string" then
        found[#found + 1] = { name = child, at = value }
      elseif key ~= "privateKeySecretRef" then
        walk(child, depth + 1)
      end
    end
  end
  local spec = e.raw.spec
  walk(spec.ca, 1)
  for _, solver in ipairs(spec.acme and spec.acme.solvers or {}) do walk(solver, 1) end
  walk(spec.vault, 1)
  walk(spec.venafi, 1)
  return found
end

return rule {
  id = "K8S-CERT-003", title = "Secret key of an issuer is in the manifest",
  severity = "critical", category = "secrets",
  frameworks = { "NIST-800-53r5:IA-5", "PCI-DSS-4.0:8.6.2", "SOC2:CC6.1", "ISO27001-2022:A.5.17" },
  for_each = "certmanager.issuer",
  description = [[Whoever reads the repository can sign certificates as this authority, or change the zone that proves who owns a name.]],
  remediation = [[Fill the Secret from outside (ExternalSecret, SealedSecret, SOPS) or use the workload's identity; make a new key.]],
  references = { "https://cert-manager.io/docs/configuration/ca/" },
  check = function(e)
    return each(named(e), function(ref)
      for _, secret in ipairs(graph.all("k8s.secret")) do
        if secret.name == ref.name and (ends(e.type, "/ClusterIssuer") or pod.namespace(secret) == pod.namespace(e))
          and not secret.raw.sops then
          for _, field in ipairs { "data", "stringData" } do
            for key, value in pairs(secret.raw[field] or {}) do
              local plain = value ~= nil and (field == "data" and b64decode(tostring(value)) or tostring(value)) or ""
              if not match(key, "\\.crt$") and secrets.literal(plain) then
                return fail("the Secret " .. secret.name .. " of issuer " .. e.name .. " carries " .. key .. " in code", { at = ref.at })
              end
            end
          end
        end
      end
    end)
  end,
  tests = {
    fail = { yaml [[
apiVersion: cert-manager.io/v1
kind: Issuer
metadata: { name: fire }
spec: { ca: { secretName: ca } }
---
apiVersion: v1
kind: Secret
metadata: { name: ca }
stringData: { tls.key: "4f1d0c9ab2e64d7f8a91" }
]], yaml [[
apiVersion: cert-manager.io/v1
kind: ClusterIssuer
metadata: { name: fire }
spec: { acme: { server: a, solvers: [{ dns01: { cloudflare: { apiTokenSecretRef: { name: cf, key: token } } } }] } }
---
apiVersion: v1
kind: Secret
metadata: { name: cf, namespace: cert-manager }
stringData: { token: "4f1d0c9ab2e64d7f8a91" }
]] },
    pass = { yaml [[
apiVersion: cert-manager.io/v1
kind: Issuer
metadata: { name: dont-fire }
spec: { ca: { secretName: ca } }
]], yaml [[
apiVersion: cert-manager.io/v1
kind: Issuer
metadata: { name: dont-fire }
spec: { ca: { secretName: ca } }
---
apiVersion: v1
kind: Secret
metadata: { name: ca }
stringData: { tls.key: "${CA_KEY}" }
]] },
    unknown = { [[
variable "key" { sensitive = true }
resource "kubernetes_manifest" "a" {
  manifest = {
    apiVersion = "cert-manager.io/v1"
    kind       = "Issuer"
    metadata   = { name = "a", namespace = "shop" }
    spec       = { ca = { secretName = "ca" } }
  }
}
resource "kubernetes_secret" "ca" {
  metadata {
    name      = "ca"
    namespace = "shop"
  }
  data = { "tls.key" = var.key }
}]] },
  },
}
