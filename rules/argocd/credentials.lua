local pod = lib "pod"
local secrets = lib "secrets"

local credentials = { password = true, sshPrivateKey = true, githubAppPrivateKey = true, tlsClientCertKey = true, bearerToken = true,
  gcpServiceAccountKey = true }

local label = "argocd.argoproj.io/secret-type"

local function kind(e)
  return e.tags[label] == "cluster" and "cluster" or "repository"
end

return rule {
  id = "ARGO-008", title = "Credentials of a repository or cluster are in the manifest",
  severity = "critical", category = "secrets",
  frameworks = { "NIST-800-53r5:IA-5", "PCI-DSS-4.0:8.6.2", "SOC2:CC6.1", "ISO27001-2022:A.5.17" },
  for_each = "k8s.secret",
  where = function(e)
    return known(e.tags) and one_of(e.tags[label], "repository", "repo-creds", "repository-write", "repo-write-creds", "cluster")
      and one_of(e.origin, "manifest", "kustomize", "terraform", "helm")
  end,
  description = [[The Secret holds the key to a repository or the administrator's token of a cluster; whoever reads the version control
has both.]],
  remediation = [[Fill it from a store (ExternalSecret, SealedSecret, SOPS) or log in by identity (IRSA, Workload Identity, a GitHub
App's key from the store); change the credential.]],
  references = { "https://argo-cd.readthedocs.io/en/stable/operator-manual/declarative-setup/#repositories" },
  check = function(e)
    if e.raw.sops ~= nil then return end
    local found = {}
    for _, field in ipairs { "data", "stringData" } do
      for _, key in ipairs(keys(e.raw[field] or {})) do
        local value = e.raw[field][key]
        local plain = value ~= nil and tostring(value) or ""
        if field == "data" and not pod.is_terraform(e) then plain = b64decode(plain) or "" end
        if credentials[key] and secrets.literal(plain) then
          found[#found + 1] = fail("Secret " .. e.name .. " carries " .. key .. " of a " .. kind(e) .. " in code", { at = e.raw[field] })
        elseif key == "config" then
          local token = match(plain, "\"(?:bearerToken|password|keyData)\"\\s*:\\s*\"([^\"]*)\"")
          if token and secrets.literal(token) then
            found[#found + 1] = fail("Secret " .. e.name .. " carries the credentials of a cluster in code", { at = e.raw[field] })
          end
        end
      end
    end
    return found
  end,
  tests = {
    fail = { yaml [[
apiVersion: v1
kind: Secret
metadata: { name: fire, namespace: argocd, labels: { argocd.argoproj.io/secret-type: repository } }
stringData: { url: "https://git.example.com/shop", username: deploy, password: 4f1d0c9ab2e64d7f8a91 }
]], yaml [[
apiVersion: v1
kind: Secret
metadata: { name: fire, namespace: argocd, labels: { argocd.argoproj.io/secret-type: cluster } }
stringData: { name: prod, server: "https://10.0.0.1", config: '{"bearerToken":"4f1d0c9ab2e64d7f8a91"}' }
]] },
    pass = { yaml [[
apiVersion: v1
kind: Secret
metadata: { name: dont-fire, namespace: argocd, labels: { argocd.argoproj.io/secret-type: repository } }
stringData: { url: "https://git.example.com/shop" }
]], yaml [[
apiVersion: v1
kind: Secret
metadata: { name: dont-fire, namespace: argocd, labels: { argocd.argoproj.io/secret-type: repo-creds } }
stringData: { url: "https://git.example.com/shop", password: "<path:secret/data/git#token>" }
]] },
    unknown = { [[
variable "password" {}
resource "kubernetes_secret" "a" {
  metadata {
    name   = "a"
    labels = { "argocd.argoproj.io/secret-type" = "repository" }
  }
  data = { password = var.password }
}
]] },
  },
}
