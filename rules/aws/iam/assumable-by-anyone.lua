local iam = lib "iam"
local trust = lib "trust"

return rule {
  id = "AWS-IAM-013", title = "Role can be assumed by anyone",
  severity = "critical", category = "least-privilege",
  aliases = { "CKV_AWS_60" },
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = { "aws.iam.role", "aws.iam.policy_document" },
  where = trust.is_judged,
  description = [[A trust policy that names everyone lets any account of AWS take the role.]],
  remediation = [[Name the accounts, roles or services in `Principal`.]],
  references = { "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html" },
  check = function(e)
    return each(trust.statements(e), function(s)
      if not iam.allows(s) then return end
      local who = iam.wildcard_principal(e, s)
      if who and not iam.narrowed(s) then
        return fail(trust.name(e) .. " may be assumed by anyone (" .. who .. ")", { at = s.at })
      end
    end)
  end,
  tests = {
    fail = { live [[
[{"type": "aws:iam:role", "name": "fire",
  "body": {"AssumeRolePolicyDocument": "{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"*\"},\"Action\":\"sts:AssumeRole\"}]}"}}]
]], [[
resource "aws_iam_role" "fire" {
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { AWS = "*" }, Action = "sts:AssumeRole" }]
  })
}]] },
    pass = { live [[
[{"type": "aws:iam:role", "name": "dont_fire",
  "body": {"AssumeRolePolicyDocument": {"Statement": [{"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"},
    "Action": "sts:AssumeRole"}]}}}]
]], [[
resource "aws_iam_role" "dont_fire" {
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { Service = "ec2.amazonaws.com" }, Action = "sts:AssumeRole" }]
  })
}]], [[
resource "aws_iam_role" "dont_fire" {
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { AWS = "*" }, Action = "sts:AssumeRole",
      Condition = { StringEquals = { "aws:PrincipalOrgID" = "o-1" } } }]
  })
}]] },
    unknown = { [[
variable "trust" {}
resource "aws_iam_role" "a" { assume_role_policy = var.trust }]] },
  },
}
