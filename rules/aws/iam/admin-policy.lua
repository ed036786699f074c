local iam = lib "iam"

return rule {
  id = "AWS-IAM-001", title = "Policy grants every action on every resource",
  severity = "critical", category = "least-privilege",
  aliases = { "AVD-AWS-0057", CKV_AWS_1 = "document", CKV_AWS_62 = "policy" },
  frameworks = { "CIS-AWS-3.0:1.16", "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3",
    "ISO27001-2022:A.5.15" },
  for_each = { "aws.iam.policy", "aws.iam.inline_policy", "aws.iam.policy_document", "aws.iam.role", "aws.sso.inline_policy" },
  where = iam.is_judged,
  description = [[Such a policy makes its holder an administrator of the account.]],
  remediation = [[Name the actions and resources that are needed.]],
  references = { "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege" },
  check = function(e)
    return each(iam.identity(e), function(s)
      if iam.allows(s) and #s.conditions == 0 and iam.has_star(e, s.actions) and iam.any_resource(e, s) then
        return fail("policy " .. e.name .. " allows every action on every resource", { case = iam.case(e), at = s.at })
      end
    end)
  end,
  tests = {
    fail = { live [[
[{"type": "aws:iam:policy", "name": "fire",
  "body": {"PolicyDocument": "{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}]}"}}]
]], [[
resource "aws_iam_policy" "fire" {
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }]
  })
}]], [[
data "aws_iam_policy_document" "fire" {
  statement {
    actions   = ["*"]
    resources = ["*"]
  }
}]] },
    pass = { live [[
[{"type": "aws:iam:policy", "name": "dont_fire",
  "body": {"PolicyDocument": "{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\",\"Resource\":\"arn:aws:s3:::b/*\"}]}"}}]
]], [[
resource "aws_iam_policy" "dont_fire" {
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "s3:GetObject", Resource = "arn:aws:s3:::b/*" },
      { Effect = "Deny", Action = "*", Resource = "*" },
    ]
  })
}]] },
    unknown = { [[
variable "policy" {}
resource "aws_iam_policy" "a" { policy = var.policy }]] },
  },
}
