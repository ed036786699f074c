return rule {
  id = "K8S-CFG-004", title = "External secret store is usable from every namespace or refreshes never",
  severity = "medium", category = "least-privilege",
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = { "externalsecrets.store", "externalsecrets.secret" },
  where = function(e) return match(e.type, "external-secrets\\.io/") ~= nil end,
  description = [[A ClusterSecretStore without conditions hands the store's secrets to every namespace. Static credentials are one
more secret to lose. A refresh interval of 0 never takes over a rotated value.]],
  remediation = [[Set `spec.conditions` with the namespaces, use the workload's identity to log in, and a `refreshInterval` above 0.]],
  references = { "https://external-secrets.io/latest/api/clustersecretstore/" },
  check = function(e)
    local spec = e.raw.spec
    if e.kind == "externalsecrets.secret" then
      local interval = spec.refreshInterval or (spec.externalSecretSpec and spec.externalSecretSpec.refreshInterval)
      if interval ~= nil and match(tostring(interval), "^0+[a-z]*$") then
        return fail("external secret " .. e.name .. " is never refreshed", { case = "refresh", at = spec, within = spec })
      end
      return
    end
    local found = {}
    local conditions = spec.conditions
    if ends(e.type, "/ClusterSecretStore") and (conditions == nil or #conditions == 0) then
      found[1] = fail("cluster store " .. e.name .. " may be used from every namespace", { at = spec })
    end
    local auth = spec.provider.aws.auth.secretRef or spec.provider.gcpsm.auth.secretRef or spec.provider.vault.auth.tokenSecretRef
    if auth ~= nil then
      found[#found + 1] = fail("store " .. e.name .. " logs in with static credentials", { at = auth })
    end
    return found
  end,
  fix = set("within.refreshInterval", "1h", "refresh"),
  tests = {
    fail = { yaml [[
apiVersion: external-secrets.io/v1
kind: ExternalSecret
metadata: { name: fire }
spec: { refreshInterval: "0", secretStoreRef: { name: s }, data: [] }
]], yaml [[
apiVersion: external-secrets.io/v1beta1
kind: ClusterSecretStore
metadata: { name: fire }
spec: { provider: { aws: { service: SecretsManager, region: eu-west-1 } } }
]] },
    pass = { yaml [[
apiVersion: external-secrets.io/v1beta1
kind: ClusterSecretStore
metadata: { name: dont-fire }
spec:
  conditions: [{ namespaces: [shop] }]
  provider: { aws: { service: SecretsManager, region: eu-west-1, auth: { jwt: { serviceAccountRef: { name: reader } } } } }
]] },
    unknown = { [[
variable "v" {}
resource "kubernetes_manifest" "a" {
  manifest = {
    apiVersion = "external-secrets.io/v1"
    kind       = "ClusterSecretStore"
    metadata   = { name = "a" }
    spec       = { conditions = var.v }
  }
}]] },
  },
}
