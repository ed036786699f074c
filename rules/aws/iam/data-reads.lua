local iam = lib "iam"

local actions = { "s3:GetObject", "ssm:GetParameter", "ssm:GetParameters", "ssm:GetParametersByPath", "secretsmanager:GetSecretValue" }

return rule {
  id = "AWS-IAM-007", title = "Policy can read data of every resource",
  severity = "medium", category = "network",
  aliases = { CKV_AWS_108 = "document", CKV_AWS_288 = "policy" },
  frameworks = { "NIST-800-53r5:AC-4", "PCI-DSS-4.0:1.3.2", "SOC2:CC6.7", "ISO27001-2022:A.8.12" },
  for_each = { "aws.iam.policy", "aws.iam.inline_policy", "aws.iam.policy_document", "aws.iam.role", "aws.sso.inline_policy" },
  where = iam.is_judged,
  description = [[With such a right all objects, parameters or secrets of the account can be carried away.]],
  remediation = [[Name the buckets, parameters or secrets in `Resource`.]],
  references = { "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege" },
  check = function(e)
    local statements = iam.identity(e)
    return each(statements, function(s)
      if not iam.allows(s) or #s.conditions > 0 or not iam.any_resource(e, s) then return end
      for _, action in ipairs(actions) do
        if iam.takes(s, action) and not iam.denied(statements, action) then
          return fail("policy " .. e.name .. " allows " .. action .. " on every resource", { case = iam.case(e), at = s.at })
        end
      end
    end)
  end,
  tests = {
    fail = { live [[
[{"type": "aws:iam:policy", "name": "fire",
  "body": {"PolicyDocument": "{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}]}"}}]
]], [[
data "aws_iam_policy_document" "fire" {
  statement {
    actions   = ["secretsmanager:Get*"]
    resources = ["*"]
  }
}]] },
    pass = { live [[
[{"type": "aws:iam:policy", "name": "dont_fire",
  "body": {"PolicyDocument": "{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\",\"Resource\":\"arn:aws:s3:::b/*\"}]}"}}]
]], [[
data "aws_iam_policy_document" "dont_fire" {
  statement {
    actions   = ["s3:GetObject"]
    resources = ["arn:aws:s3:::b/*"]
  }
}]] },
    unknown = { [[
variable "resource" {}
data "aws_iam_policy_document" "a" {
  statement {
    actions   = ["s3:GetObject"]
    resources = [var.resource]
  }
}]] },
  },
}
