local candidate = lib "candidate"

return rule {
  id = "SEC-001", title = "AWS access key or secret key",
  severity = "critical", category = "secrets",
  aliases = {
    ["CKV_SECRET_2"] = { "id", "secret" },
    ["aws-access-key-id"] = "id",
    ["aws-secret-access-key"] = "secret",
  },
  frameworks = { "NIST-800-53r5:IA-5", "PCI-DSS-4.0:8.6.2", "SOC2:CC6.1", "ISO27001-2022:A.5.17" },
  for_each = "secret.aws",
  description = [[An access key opens the account to whoever reads the repository, its history or a build log. Bots find
published ones within minutes.]],
  remediation = [[Deactivate the key in IAM and delete it; use roles (OIDC in CI, instance profiles, IRSA) or a secret store in its place.]],
  references = { "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_access-keys.html" },
  check = function(c)
    if candidate.allowed(c) then return end
    return candidate.report(c, { case = c.detector == "aws-access-key-id" and "id" or "secret" })
  end,
  tests = {
    fail = { files { ["app.env"] = [[
AWS_ACCESS_KEY_ID=AKIAQ3EGRTYUIO7PLMNB
]] }, files { ["app.env"] = [[
AWS_SECRET_ACCESS_KEY=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
]] }, [[
locals {
  front = "AKIAQ3EGRT"
  back  = "YUIO7PLMNB"
}
resource "aws_ssm_parameter" "fire" {
  name  = "key"
  type  = "String"
  value = "${local.front}${local.back}"
}]] },
    pass = { files { ["app.env"] = [[
# parameters: {"secret_allowed_paths": ["app.*"]}
AWS_ACCESS_KEY_ID=AKIAQ3EGRTYUIO7PLMNB
]] } },
  },
}
