local iam = lib "iam"
local trust = lib "trust"

return rule {
  id = "AWS-IAM-014", title = "Role trusts the whole of another account",
  severity = "medium", category = "least-privilege",
  aliases = { "CKV_AWS_61" },
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = { "aws.iam.role", "aws.iam.policy_document" },
  where = trust.is_judged,
  description = [[An account root as principal stands for everyone in that account whose policies allow it. Accounts that may be
trusted so stand in the parameter `known_accounts`.]],
  remediation = [[Name the role that assumes, or add an external id or organisation condition.]],
  references = { "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-user_externalid.html" },
  check = function(e)
    return each(trust.statements(e), function(s)
      if not iam.allows(s) then return end
      return each(iam.ids(e, s, "AWS"), function(id)
        local account = match(id, "^([0-9]{12})$") or match(id, "^arn:[^:]*:iam::([0-9]{12}):root$")
        if not account or has(param("known_accounts", {}), account) then return end
        for _, c in ipairs(s.conditions) do
          if c.key == "aws:multifactorauthpresent" then return end
        end
        if iam.narrowed(s) then return end
        return fail(trust.name(e) .. " trusts the whole of account " .. account, { at = s.at })
      end)
    end)
  end,
  tests = {
    fail = { live [[
[{"type": "aws:iam:role", "name": "fire",
  "body": {"RoleName": "r",
    "AssumeRolePolicyDocument": {"Statement": [{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::999999999999:root"},
    "Action": "sts:AssumeRole"}]}}}]
]], [[
resource "aws_iam_role" "fire" {
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { AWS = "arn:aws:iam::123456789012:root" }, Action = "sts:AssumeRole" }]
  })
}]] },
    pass = { live [[
[{"type": "aws:iam:role", "name": "dont_fire",
  "body": {"RoleName": "r",
    "AssumeRolePolicyDocument": {"Statement": [{"Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::999999999999:role/ci"}, "Action": "sts:AssumeRole"}]}}}]
]], [[
resource "aws_iam_role" "dont_fire" {
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { AWS = "arn:aws:iam::123456789012:root" }, Action = "sts:AssumeRole",
      Condition = { StringEquals = { "sts:ExternalId" = "x" } } }]
  })
}]] },
    unknown = { [[
variable "trust" {}
resource "aws_iam_role" "a" { assume_role_policy = var.trust }]] },
  },
}
