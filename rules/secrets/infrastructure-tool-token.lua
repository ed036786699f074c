local candidate = lib "candidate"

-- The case of each detector.
local cases = {
  ["hashicorp-tf-api-token"] = "hashicorp-tf-api-token",
  ["grafana-api-token"] = "grafana-api-token",
  ["pulumi-api-token"] = "pulumi-api-token",
  ["doppler-api-token"] = "doppler-api-token",
  ["new-relic-user-api-key"] = "new-relic-user-api-key",
}

return rule {
  id = "SEC-011", title = "Infrastructure tool token",
  severity = "critical", category = "secrets",
  aliases = {
    ["hashicorp-tf-api-token"] = "hashicorp-tf-api-token",
    ["grafana-api-token"] = "grafana-api-token",
    ["pulumi-api-token"] = "pulumi-api-token",
    ["doppler-api-token"] = "doppler-api-token",
    ["new-relic-user-api-key"] = "new-relic-user-api-key",
  },
  frameworks = { "NIST-800-53r5:IA-5", "PCI-DSS-4.0:8.6.2", "SOC2:CC6.1", "ISO27001-2022:A.5.17" },
  for_each = "secret.tool",
  description = [[A token of such a tool reads state, secrets or dashboards, or changes the infrastructure.]],
  remediation = [[Revoke the token; let the tool log in with an identity of its platform.]],
  references = {
    "https://developer.hashicorp.com/terraform/cloud-docs/users-teams-organizations/api-tokens",
    "https://developer.hashicorp.com/vault/docs/concepts/tokens",
  },
  check = function(c)
    if candidate.allowed(c) then return end
    return candidate.report(c, { case = cases[c.detector] or "other" })
  end,
  tests = {
    fail = { files { [".terraformrc"] = [[
credentials "app.terraform.io" {
  token = "1LzeZGEIWbXFzc.atlasv1.ggqCCoIF7uUxugFDwg5Yp8yIB2Enus0HMI4fS9z6yKryu7OE1WnwQKU5nR50dJQg96e"
}
]] }, files { ["run.sh"] = [[
export VAULT_TOKEN=hvs.NlQngPUXCMLZKo7RrU5YKyyQHxhDo2X93cjhls45GQio2ZvzXQYXkJXVwFcOLnv9DS0hQTo93l7q5UuAvCOJSnobag
]] } },
    pass = { files { ["run.sh"] = [[
# parameters: {"secret_allowed_paths": ["run.sh"]}
export VAULT_TOKEN=hvs.X5DIfOnpCBDAkWTGhWiOalTlINXn1eKIA7zPtJcGEoJ3qyRZzQ9ADp0j5Wmplcm7hufPK5ACDiBZLPKD6xGAnjq8MJ
]] } },
  },
}
