local iam = lib "iam"

return rule {
  id = "AWS-IAM-011", title = "PassRole is allowed for any role",
  severity = "high", category = "least-privilege",
  aliases = { "AVD-AWS-0342" },
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = { "aws.iam.policy", "aws.iam.inline_policy", "aws.iam.policy_document", "aws.iam.role", "aws.sso.inline_policy" },
  where = iam.is_judged,
  description = [[Who may pass any role to any service acts with the rights of every role of the account.]],
  remediation = [[Name the roles, and add `iam:PassedToService`.]],
  references = { "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html" },
  check = function(e)
    return each(iam.identity(e), function(s)
      if not iam.allows(s) or not iam.takes(s, "iam:PassRole") then return end
      for _, c in ipairs(s.conditions) do
        if one_of(c.key, "iam:passedtoservice", "iam:associatedresourcearn") then return end
      end
      if iam.any_resource(e, s) then
        return fail("policy " .. e.name .. " allows iam:PassRole for any role to any service", { at = s.at })
      end
      for i = 1, #s.resources do
        if known(s.resources[i]) and match(s.resources[i], "^arn:[^:]*:iam::[^:]*:role/\\*$") then
          return fail("policy " .. e.name .. " allows iam:PassRole for any role to any service", { at = s.at })
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
    actions   = ["iam:PassRole"]
    resources = ["*"]
  }
}]] },
    pass = { live [[
[{"type": "aws:iam:policy", "name": "dont_fire",
  "body": {"PolicyDocument": "{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\",\"Resource\":\"arn:aws:s3:::b/*\"}]}"}}]
]], [[
data "aws_iam_policy_document" "dont_fire" {
  statement {
    actions   = ["iam:PassRole"]
    resources = ["*"]
    condition {
      test     = "StringEquals"
      variable = "iam:PassedToService"
      values   = ["lambda.amazonaws.com"]
    }
  }
}]] },
    unknown = { [[
variable "resource" {}
data "aws_iam_policy_document" "a" {
  statement {
    actions   = ["iam:PassRole"]
    resources = [var.resource]
  }
}]] },
  },
}
