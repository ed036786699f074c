local iam = lib "iam"

return rule {
  id = "AWS-IAM-016", title = "Policy uses NotAction or NotResource with Allow",
  severity = "medium", category = "least-privilege",
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = { "aws.iam.policy", "aws.iam.inline_policy", "aws.iam.policy_document", "aws.iam.role", "aws.sso.inline_policy" },
  where = iam.is_judged,
  description = [[Allow with NotAction or NotResource gives all but what is named, and with it every service and action that AWS adds
later.]],
  remediation = [[Name what is allowed, or use the Not form with Deny.]],
  references = { "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_notaction.html" },
  check = function(e)
    return each(iam.identity(e), function(s)
      if not iam.allows(s) then return end
      if #s.not_actions > 0 then return fail("policy " .. e.name .. " allows everything but what NotAction names", { at = s.at }) end
      if #s.not_resources > 0 then
        return fail("policy " .. e.name .. " allows its actions on everything but what NotResource names", { at = s.at })
      end
    end)
  end,
  tests = {
    fail = { live [[
[{"type": "aws:iam:policy", "name": "fire",
  "body": {"PolicyDocument": "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"NotAction\":\"iam:*\",\"Resource\":\"*\"}]}"}}]
]], live [[
[{"type": "aws:iam:inline-policy", "name": "fire",
  "body": {"RoleName": "r", "PolicyName": "fire", "PolicyDocument": {"Statement": [{"Effect": "Allow", "Action": "s3:GetObject",
    "NotResource": "arn:aws:s3:::b/*"}]}}}]
]], [[
resource "aws_iam_policy" "fire" {
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", NotAction = "iam:*", Resource = "*" }]
  })
}]] },
    pass = { live [[
[{"type": "aws:iam:policy", "name": "dont_fire",
  "body": {"PolicyDocument": "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Deny\",\"NotAction\":\"iam:*\",\"Resource\":\"*\"}]}"}}]
]], [[
resource "aws_iam_policy" "dont_fire" {
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Deny", NotAction = "iam:*", Resource = "*" }]
  })
}]] },
    unknown = { [[
variable "policy" {}
resource "aws_iam_policy" "a" { policy = var.policy }]] },
  },
}
