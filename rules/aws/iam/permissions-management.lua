local iam = lib "iam"

return rule {
  id = "AWS-IAM-008", title = "Policy can change permissions without limits",
  severity = "high", category = "least-privilege",
  aliases = { CKV_AWS_109 = "document", CKV_AWS_289 = "policy" },
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = { "aws.iam.policy", "aws.iam.inline_policy", "aws.iam.policy_document", "aws.iam.role", "aws.sso.inline_policy" },
  where = iam.is_judged,
  description = [[Who may change permissions on every resource can open any of them, to himself or to the world.]],
  remediation = [[Name the resources whose permissions may be changed.]],
  references = {
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_understand-policy-summary-access-level-summaries.html",
  },
  check = function(e)
    local statements = iam.identity(e)
    return each(statements, function(s)
      local action = iam.unlimited(e, statements, s, "P")
      if action then
        return fail("policy " .. e.name .. " allows " .. action .. ", which changes permissions, on every resource",
          { case = iam.case(e), at = s.at })
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
    actions   = ["s3:PutBucketPolicy"]
    resources = ["*"]
  }
}]] },
    pass = { live [[
[{"type": "aws:iam:policy", "name": "dont_fire",
  "body": {"PolicyDocument": "{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\",\"Resource\":\"arn:aws:s3:::b/*\"}]}"}}]
]], [[
data "aws_iam_policy_document" "dont_fire" {
  statement {
    actions   = ["s3:PutObject"]
    resources = ["*"]
  }
}]] },
    unknown = { [[
variable "resource" {}
data "aws_iam_policy_document" "a" {
  statement {
    actions   = ["s3:PutBucketPolicy"]
    resources = [var.resource]
  }
}]] },
  },
}
