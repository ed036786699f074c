local iam = lib "iam"

return rule {
  id = "AWS-SM-004", title = "Secret can be read by another account or by everyone",
  severity = "critical", category = "least-privilege",
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = { "aws.secretsmanager.policy", "aws.secretsmanager.secret" },
  where = function(e) return e.kind == "aws.secretsmanager.policy" or e.origin == "live" and iam.has_policy(e) end,
  description = [[Whoever the policy lets in reads the secret. Accounts that may stand in the parameter `known_accounts`.]],
  remediation = [[Name the principals, or add a condition such as `aws:PrincipalOrgID`.]],
  references = { "https://docs.aws.amazon.com/secretsmanager/latest/userguide/auth-and-access_resource-policies.html" },
  check = function(e)
    return each(iam.of_resource(e), function(s)
      if not iam.allows(s) or iam.narrowed(s) then return end
      local who = iam.wildcard_principal(e, s)
      if who then return fail("secret policy " .. e.name .. " allows any principal (" .. who .. ")", { at = s.at }) end
      return each(iam.ids(e, s, "AWS"), function(id)
        local account = match(id, "^([0-9]{12})$") or match(id, "^arn:[^:]*:iam::([0-9]{12}):")
        if not account or has(param("known_accounts", {}), account) or account == e.account then return end
        if e.account == nil or e.account == "" then unknown("it is not known which account the secret is in") end
        return fail("secret policy " .. e.name .. " allows account " .. account, { at = s.at, severity = "high" })
      end)
    end)
  end,
  tests = {
    fail = { live [[
[{"type": "aws:secretsmanager:secret", "name": "fire", "account": "123456789012",
  "body": {"Policy": "{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"secretsmanager:GetSecretValue\"}]}"}}]
]], [[
resource "aws_secretsmanager_secret_policy" "fire" {
  secret_arn = "s"
  policy     = jsonencode({ Statement = [{ Effect = "Allow", Principal = "*", Action = "secretsmanager:GetSecretValue", Resource = "*" }] })
}]] },
    pass = { live [[
[{"type": "aws:secretsmanager:secret", "name": "dont_fire", "account": "123456789012",
  "body": {"Policy": {"Statement": [{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:role/app"},
    "Action": "secretsmanager:GetSecretValue"}]}}}]
]], [[
# parameters: {"known_accounts": ["123456789012"]}
resource "aws_secretsmanager_secret_policy" "dont_fire" {
  secret_arn = "s"
  policy = jsonencode({ Statement = [{ Effect = "Allow", Principal = { AWS = "arn:aws:iam::123456789012:role/app" },
    Action = "secretsmanager:GetSecretValue", Resource = "*" }] })
}]] },
    unknown = { [[
variable "p" {}
resource "aws_secretsmanager_secret_policy" "a" {
  secret_arn = "s"
  policy     = var.p
}]] },
  },
}
