local candidate = lib "candidate"

return rule {
  id = "SEC-006", title = "Source hosting or CI token",
  severity = "critical", category = "secrets",
  aliases = {
    ["github-pat"] = "github-pat",
    ["github-oauth"] = "github-oauth",
    ["github-app-token"] = "github-app-token",
    ["github-refresh-token"] = "github-refresh-token",
    ["github-fine-grained-pat"] = "github-fine-grained-pat",
    ["gitlab-pat"] = "gitlab-pat",
  },
  frameworks = { "NIST-800-53r5:IA-5", "PCI-DSS-4.0:8.6.2", "SOC2:CC6.1", "ISO27001-2022:A.5.17" },
  for_each = "secret.source",
  description = [[A token of a source host reads private code, and many may push: the way into everything that is built from it.]],
  remediation = [[Revoke the token at its issuer; use the CI system's own short-lived token or a deploy key with one repository.]],
  references = {
    "https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github#githubs-token-formats",
    "https://docs.gitlab.com/security/tokens/",
  },
  check = function(c)
    if candidate.allowed(c) then return end
    return candidate.report(c, { case = starts(c.detector, "git") and c.detector or "other" })
  end,
  tests = {
    fail = { files { ["deploy.sh"] = [[
curl -H "Authorization: token ghp_q7Hd9KsL2mXc4VbN8pRtY1wEfGjZ3uA6oDiS" https://api.github.com/user
]] }, files { [".env"] = [[
CI_TOKEN=glpat-DBMf4rpaFQOqb7XOfCsV
]] } },
    pass = { files { ["deploy.sh"] = [[
# parameters: {"secret_allowed_paths": ["*.sh"]}
token=ghp_q7Hd9KsL2mXc4VbN8pRtY1wEfGjZ3uA6oDiS
]] } },
  },
}
