local iam = lib "iam"

return rule {
  id = "AWS-IAM-003", title = "Policy applies restrictable actions to every resource",
  severity = "medium", category = "least-privilege",
  aliases = { CKV_AWS_356 = "document", CKV_AWS_355 = "policy" },
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = { "aws.iam.policy", "aws.iam.inline_policy", "aws.iam.policy_document", "aws.iam.role", "aws.sso.inline_policy" },
  where = iam.is_judged,
  description = [[The action could be limited to the resources that are meant; on `*` it reaches those of every other application in
the account.]],
  remediation = [[Name the resources by ARN, or add a condition.]],
  references = { "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html" },
  check = function(e)
    local statements = iam.identity(e)
    return each(statements, function(s)
      local action = iam.unlimited(e, statements, s, "WPTRL")
      if action then
        return fail("policy " .. e.name .. " allows " .. action .. " on every resource", { case = iam.case(e), at = s.at })
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
    actions   = ["ec2:DescribeInstances", "s3:GetObject"]
    resources = ["*"]
  }
}]] },
    pass = { live [[
[{"type": "aws:iam:policy", "name": "dont_fire",
  "body": {"PolicyDocument": "{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\",\"Resource\":\"arn:aws:s3:::b/*\"}]}"}}]
]], [[
data "aws_iam_policy_document" "dont_fire" {
  statement {
    actions   = ["ec2:DescribeInstances"]
    resources = ["*"]
  }
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
