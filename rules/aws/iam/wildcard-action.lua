local iam = lib "iam"

return rule {
  id = "AWS-IAM-002", title = "Policy grants all actions of the wildcard kind",
  severity = "high", category = "least-privilege",
  aliases = { CKV_AWS_49 = "document", CKV_AWS_63 = "policy" },
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = { "aws.iam.policy", "aws.iam.inline_policy", "aws.iam.policy_document", "aws.iam.role", "aws.sso.inline_policy" },
  where = iam.is_judged,
  description = [[Action `*` allows all that any service can do, now and in future.]],
  remediation = [[Name the actions that are needed.]],
  references = { "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html" },
  check = function(e)
    return each(iam.identity(e), function(s)
      if iam.allows(s) and iam.has_star(e, s.actions) then
        return fail("policy " .. e.name .. " allows every action", { case = iam.case(e), at = s.at })
      end
    end)
  end,
  tests = {
    fail = { live [[
[{"type": "aws:iam:policy", "name": "fire",
  "body": {"PolicyDocument": "{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}]}"}}]
]], [[
resource "aws_iam_role_policy" "fire" {
  role   = "r"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = ["*"], Resource = "arn:aws:s3:::b" }]
  })
}]] },
    pass = { live [[
[{"type": "aws:iam:policy", "name": "dont_fire",
  "body": {"PolicyDocument": "{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\",\"Resource\":\"arn:aws:s3:::b/*\"}]}"}}]
]], [[
data "aws_iam_policy_document" "dont_fire" {
  statement {
    actions   = ["s3:*"]
    resources = ["arn:aws:s3:::b"]
  }
}]] },
    unknown = { [[
variable "action" {}
data "aws_iam_policy_document" "a" {
  statement {
    actions   = [var.action]
    resources = ["arn:aws:s3:::b"]
  }
}]] },
  },
}
