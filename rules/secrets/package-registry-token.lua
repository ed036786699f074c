local candidate = lib "candidate"

-- The case of each detector.
local cases = {
  ["npm-access-token"] = "npm",
  ["npmrc-token"] = "npm",
  ["pypi-upload-token"] = "pypi",
  ["rubygems-api-token"] = "rubygems",
  ["artifactory-token"] = "artifactory",
  ["dockerconfig-secret"] = "docker",
  ["maven-settings-password"] = "maven",
}

return rule {
  id = "SEC-007", title = "Package, registry or artifact repository token",
  severity = "high", category = "secrets",
  aliases = {
    ["CKV_SECRET_1"] = "artifactory",
    ["CKV_SECRET_12"] = "npm",
    ["npm-access-token"] = "npm",
    ["pypi-upload-token"] = "pypi",
    ["rubygems-api-token"] = "rubygems",
    ["dockerconfig-secret"] = "docker",
    ["maven-settings-password"] = "maven",
  },
  frameworks = { "NIST-800-53r5:IA-5", "PCI-DSS-4.0:8.6.2", "SOC2:CC6.1", "ISO27001-2022:A.5.17" },
  for_each = "secret.package",
  description = [[Who can publish a package or image runs code wherever it is installed.]],
  remediation = [[Revoke the token at the registry; use trusted publishing (OIDC) or a token that CI injects.]],
  references = { "https://docs.npmjs.com/about-access-tokens", "https://docs.pypi.org/trusted-publishers/" },
  check = function(c)
    if candidate.allowed(c) then return end
    return candidate.report(c, { case = cases[c.detector] or "other" })
  end,
  tests = {
    fail = { files { [".npmrc"] = [[
//registry.npmjs.org/:_authToken=npm_taXrZMAzSv2gENfMTx0MOdOQw4SG8nfnL5Of
]] }, files { ["config.json"] = [[
{ "auths": { "registry.internal": { "auth": "ZGVwbG95OlRyMHViNGRvci05eA==" } } }
]] } },
    pass = { files { [".npmrc"] = [[
# parameters: {"secret_allowed_paths": [".npmrc"]}
//registry.npmjs.org/:_authToken=npm_a6qD8mJ7ZDNBmJaDtDLZc5t4UuHF7KVMLp7h
]] } },
  },
}
