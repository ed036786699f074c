local iam = lib "iam"

local tagging = { "iam:TagRole", "iam:TagUser", "ec2:CreateTags", "s3:PutBucketTagging", "s3:PutObjectTagging", "rds:AddTagsToResource",
  "tag:TagResources", "secretsmanager:TagResource", "lambda:TagResource" }

local function by_tag(s)
  for _, c in ipairs(s.conditions) do
    if match(c.key, "^(?:aws:(?:principal|resource)tag/|[a-z0-9]+:resourcetag/)") then return c.key end
  end
end

-- Whether a condition keeps the tags that may be set in check.
local function limits_tags(s)
  for _, c in ipairs(s.conditions) do
    if match(c.key, "^aws:(?:requesttag/|tagkeys|resourcetag/)|resourcetag/|^ec2:createaction$") then return true end
  end
  return false
end

return rule {
  id = "AWS-IAM-028", title = "Attribute-based policy trusts tags that callers may set",
  severity = "high", category = "least-privilege",
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = { "aws.iam.policy", "aws.iam.inline_policy", "aws.iam.policy_document", "aws.iam.role", "aws.sso.inline_policy" },
  where = iam.is_judged,
  description = [[Where tags decide who may do what, setting tags is the same as giving rights.]],
  remediation = [[Limit the tagging actions with `aws:RequestTag`, `aws:TagKeys` or `aws:ResourceTag`, or take them away.]],
  references = { "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_tags.html" },
  check = function(e)
    local statements, key, first = iam.identity(e), nil, nil
    for _, s in ipairs(statements) do
      if iam.allows(s) and not key then
        key = by_tag(s)
        first = s
      end
    end
    if not key then return end
    return each(statements, function(s)
      if not iam.allows(s) or limits_tags(s) then return end
      for _, action in ipairs(tagging) do
        if iam.takes(s, action) and iam.any_resource(e, s) and not iam.denied(statements, action) then
          return fail("policy " .. e.name .. " trusts " .. key .. ", and allows " .. action .. " on every resource",
            { at = s.at, evidence = { { first.at, "access depends on the tag" } } })
        end
      end
    end)
  end,
  tests = {
    fail = { live [[
[{"type": "aws:iam:policy", "name": "fire",
  "body": {"PolicyDocument": {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": "ec2:StopInstances", "Resource": "*",
      "Condition": {"StringEquals": {"aws:ResourceTag/team": "web"}}},
    {"Effect": "Allow", "Action": "ec2:CreateTags", "Resource": "*"}]}}}]
]], [[
data "aws_iam_policy_document" "fire" {
  statement {
    actions   = ["ec2:StopInstances"]
    resources = ["*"]
    condition {
      test     = "StringEquals"
      variable = "aws:ResourceTag/team"
      values   = ["web"]
    }
  }
  statement {
    actions   = ["ec2:CreateTags"]
    resources = ["*"]
  }
}]] },
    pass = { live [[
[{"type": "aws:iam:policy", "name": "dont_fire",
  "body": {"PolicyDocument": {"Version": "2012-10-17", "Statement": [
    {"Effect": "Allow", "Action": "ec2:StopInstances", "Resource": "*",
      "Condition": {"StringEquals": {"aws:ResourceTag/team": "web"}}}]}}}]
]], [[
data "aws_iam_policy_document" "dont_fire" {
  statement {
    actions   = ["ec2:StopInstances"]
    resources = ["*"]
    condition {
      test     = "StringEquals"
      variable = "aws:ResourceTag/team"
      values   = ["web"]
    }
  }
}]] },
    unknown = { [[
variable "resource" {}
data "aws_iam_policy_document" "a" {
  statement {
    actions   = ["ec2:StopInstances"]
    resources = ["*"]
    condition {
      test     = "StringEquals"
      variable = "aws:ResourceTag/team"
      values   = ["web"]
    }
  }
  statement {
    actions   = ["ec2:CreateTags"]
    resources = [var.resource]
  }
}]] },
  },
}
