local iam = lib "iam"

-- Every object of every bucket: the resources that say so.
local function every_bucket(e, s)
  if iam.any_resource(e, s) then return true end
  for i = 1, #s.resources do
    if known(s.resources[i]) and match(s.resources[i], "^arn:[^:]*:s3:::\\*(?:/\\*)?$") then return true end
  end
  return false
end

return rule {
  id = "AWS-IAM-012", title = "Policy grants every S3 action",
  severity = "high", category = "least-privilege",
  aliases = { ["AVD-AWS-0345"] = "all-actions", ["AVD-AWS-0346"] = "every-bucket" },
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = { "aws.iam.policy", "aws.iam.inline_policy", "aws.iam.policy_document", "aws.iam.role", "aws.sso.inline_policy" },
  where = iam.is_judged,
  description = [[`s3:*` contains the right to change policies, to switch protections off and to delete buckets. Reading or deleting
objects of every bucket reaches the data of every application.]],
  remediation = [[Name the actions, and the buckets in `Resource`.]],
  references = { "https://docs.aws.amazon.com/AmazonS3/latest/userguide/security-iam.html" },
  check = function(e)
    return each(iam.identity(e), function(s)
      if not iam.allows(s) then return end
      for i = 1, #s.actions do
        if known(s.actions[i]) and lower(s.actions[i]) == "s3:*" then
          return fail("policy " .. e.name .. " allows every S3 action", { case = "all-actions", at = s.at })
        end
      end
      if #s.conditions > 0 or iam.has_star(e, s.actions) then return end
      for _, action in ipairs { "s3:GetObject", "s3:DeleteObject" } do
        if iam.takes(s, action) and every_bucket(e, s) then
          return fail("policy " .. e.name .. " allows " .. action .. " on every bucket", { case = "every-bucket", at = s.at })
        end
      end
    end)
  end,
  tests = {
    fail = { live [[
[{"type": "aws:iam:policy", "name": "fire",
  "body": {"PolicyDocument": "{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":[\"iam:*\",\"s3:*\",\"iam:PassRole\"],\"Resource\":\"*\"}]}"}}]
]], [[
data "aws_iam_policy_document" "fire" {
  statement {
    actions   = ["s3:*"]
    resources = ["arn:aws:s3:::b/*"]
  }
}]], [[
data "aws_iam_policy_document" "fire" {
  statement {
    actions   = ["s3:DeleteObject"]
    resources = ["arn:aws:s3:::*"]
  }
}]] },
    pass = { live [[
[{"type": "aws:iam:policy", "name": "dont_fire",
  "body": {"PolicyDocument": "{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\",\"Resource\":\"arn:aws:s3:::b/*\"}]}"}}]
]], [[
data "aws_iam_policy_document" "dont_fire" {
  statement {
    actions   = ["s3:GetObject", "s3:PutObject"]
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
