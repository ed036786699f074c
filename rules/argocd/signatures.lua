local argo = lib "argo"
local kube = lib "kube"

local function verified()
  if #graph.all("sigstore.policy") > 0 then return true end
  for _, policy in ipairs(graph.all("kyverno.policy")) do
    if ends(policy.type, "/ImageValidatingPolicy") then return true end
    for _, rule in ipairs(policy.raw.spec and policy.raw.spec.rules or {}) do
      if rule.verifyImages ~= nil then return true end
    end
  end
  return false
end

return rule {
  id = "ARGO-009", title = "Signature of commits or images is not demanded",
  severity = "low", category = "supply-chain",
  frameworks = { "NIST-800-53r5:SR-3", "PCI-DSS-4.0:6.3.2", "SOC2:CC8.1", "ISO27001-2022:A.5.21" },
  for_each = "argocd.project",
  where = function(e)
    if kube.environment(e) == "prod" or argo.word(e.name) == "prod" then return true end
    for _, destination in ipairs(argo.get(e, e.raw.spec, "destinations") or {}) do
      if destination.namespace ~= nil and argo.word(destination.namespace) == "prod" then return true end
    end
    return false
  end,
  description = [[Without signatures whoever can push to the repository or the registry decides what production runs.]],
  remediation = [[List `signatureKeys` in the project, or verify images with a policy of Kyverno or Sigstore.]],
  references = { "https://argo-cd.readthedocs.io/en/stable/user-guide/gpg-verification/" },
  check = function(e)
    local keyring = argo.get(e, e.raw.spec, "signatureKeys") or argo.get(e, e.raw.spec, "signature_keys")
    if keyring ~= nil and #keyring > 0 then return end
    if verified() then return end
    return fail("project " .. e.name .. " of production demands no signature of commits, and no policy verifies those of images",
      { at = e.raw.spec })
  end,
  tests = {
    fail = { yaml [[
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata: { name: fire, namespace: argocd }
spec: { sourceRepos: [a], destinations: [{ namespace: shop-prod, server: a }] }
]] },
    pass = { yaml [[
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata: { name: dont-fire, namespace: argocd }
spec: { sourceRepos: [a], signatureKeys: [{ keyID: 4AEE18F83AFDEB23 }], destinations: [{ namespace: shop-prod, server: a }] }
]], yaml [[
apiVersion: argoproj.io/v1alpha1
kind: AppProject
metadata: { name: dont-fire, namespace: argocd }
spec: { sourceRepos: [a], destinations: [{ namespace: shop-prod, server: a }] }
---
apiVersion: policy.sigstore.dev/v1beta1
kind: ClusterImagePolicy
metadata: { name: signed }
spec: { images: [{ glob: "**" }], authorities: [{ keyless: { url: "https://fulcio.sigstore.dev" } }] }
]] },
    unknown = { [[
variable "v" {}
resource "kubernetes_manifest" "a" {
  manifest = {
    apiVersion = "argoproj.io/v1alpha1"
    kind       = "AppProject"
    metadata   = { name = "a" }
    spec       = { destinations = [{ namespace = "shop-prod", server = "a" }], signatureKeys = var.v }
  }
}]] },
  },
}
