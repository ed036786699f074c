local iam = lib "iam"

return rule {
  id = "AWS-IAM-004", title = "Policy grants full control of IAM itself",
  severity = "critical", category = "least-privilege",
  aliases = { CKV2_AWS_40 = "policy", CKV2_AWS_56 = "managed" },
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = { "aws.iam.policy", "aws.iam.inline_policy", "aws.iam.policy_document", "aws.iam.role", "aws.sso.inline_policy",
    "aws.iam.policy_attachment" },
  where = function(e)
    return one_of(e.kind, "aws.iam.policy_attachment", "aws.iam.role") or iam.is_judged(e)
  end,
  description = [[Who controls IAM can give himself every other right.]],
  remediation = [[Name the IAM actions and the roles, users or policies they are for.]],
  references = { "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege" },
  -- Action * is reported by AWS-IAM-001 and AWS-IAM-002.
  check = function(e)
    if e.kind == "aws.iam.policy_attachment" then
      if iam.attaches_own(e) then return end
      local arn = e.policy
      if arn ~= nil and match(arn, "/IAMFullAccess$") then
        return fail("IAMFullAccess is attached by " .. e.name, { case = "managed", at = "policy" })
      end
      return
    end
    local found = each(e.kind == "aws.iam.role" and iam.managed_arns(e) or {}, function(arn)
      if match(arn, "/IAMFullAccess$") then
        return fail("role " .. e.name .. " carries IAMFullAccess", { case = "managed", at = e.origin ~= "live" and "managed_policy_arns" or e })
      end
    end)
    if e.kind == "aws.iam.role" and #list(e.raw.inline_policy) == 0 then return found end
    local more = each(iam.identity(e), function(s)
      if not iam.allows(s) or #s.conditions > 0 then return end
      for i = 1, #s.actions do
        if known(s.actions[i]) and lower(s.actions[i]) == "iam:*" and iam.any_resource(e, s) then
          return fail("policy " .. e.name .. " allows iam:* on every resource", { case = "policy", at = s.at })
        end
      end
    end)
    for _, failure in ipairs(more) do found[#found + 1] = failure end
    return found
  end,
  tests = {
    fail = { live [[
[{"type": "aws:iam:policy", "name": "fire",
  "body": {"PolicyDocument": "{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":[\"iam:*\",\"s3:*\",\"iam:PassRole\"],\"Resource\":\"*\"}]}"}}]
]], [[
data "aws_iam_policy_document" "fire" {
  statement {
    actions   = ["iam:*"]
    resources = ["*"]
  }
}]], [[
resource "aws_iam_role_policy_attachment" "fire" {
  role       = "r"
  policy_arn = "arn:aws:iam::aws:policy/IAMFullAccess"
}]] },
    pass = { live [[
[{"type": "aws:iam:policy", "name": "dont_fire",
  "body": {"PolicyDocument": "{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\",\"Resource\":\"arn:aws:s3:::b/*\"}]}"}}]
]], [[
resource "aws_iam_role_policy_attachment" "dont_fire" {
  role       = "r"
  policy_arn = "arn:aws:iam::aws:policy/IAMReadOnlyAccess"
}]] },
    unknown = { [[
variable "arn" {}
resource "aws_iam_role_policy_attachment" "a" {
  role       = "r"
  policy_arn = var.arn
}]] },
  },
}
