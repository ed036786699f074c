local iam = lib "iam"

local function asks(s)
  for _, c in ipairs(s.conditions) do
    if c.key == "aws:multifactorauthpresent" and match(c.operator, "^Bool") then return true end
  end
  return false
end

-- Whether a policy denies what is done without a second factor, or allows nothing without one.
local function demands(statements)
  local allows, all = 0, true
  for _, s in ipairs(statements) do
    if s.effect == "Deny" and asks(s) then return true end
    if s.effect ~= "Deny" then allows, all = allows + 1, all and asks(s) end
  end
  return allows > 0 and all
end

local function enforced(holders)
  for _, holder in ipairs(holders) do
    if demands(iam.statements(json(holder.raw.policy))) then return true end
  end
  return false
end

return rule {
  id = "AWS-IAM-019", title = "Multi-factor authentication is not enforced",
  severity = "high", category = "least-privilege",
  aliases = { ["AVD-AWS-0123"] = "group", ["AVD-AWS-0145"] = "user" },
  frameworks = { "CIS-AWS-3.0:1.10", "NIST-800-53r5:IA-2", "PCI-DSS-4.0:8.3.1", "SOC2:CC6.1",
    "ISO27001-2022:A.8.5" },
  for_each = { "aws.iam.group", "aws.iam.user" },
  where = function(e)
    if e.origin == "live" then return false end
    return e.kind == "aws.iam.group" or #e:satellites("login") > 0
  end,
  description = [[A password alone is guessed, phished or reused. A policy that denies everything without a second factor makes people
set one up.]],
  remediation = [[Attach a policy with a Deny on `BoolIfExists` `aws:MultiFactorAuthPresent` `false` to the group.]],
  references = { "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_aws_my-sec-creds-self-manage.html" },
  check = function(e)
    local holders = {}
    for _, user in ipairs(e:edges_to("references")) do
      if user.kind == "aws.iam.inline_policy" then holders[#holders + 1] = user end
      if user.kind == "aws.iam.policy_attachment" then
        for _, policy in ipairs(user:targets(user.raw.policy_arn)) do
          if policy.kind == "aws.iam.policy" then holders[#holders + 1] = policy end
        end
      end
    end
    if enforced(holders) then return end
    local group = e.kind == "aws.iam.group"
    return fail((group and "group " or "console user ") .. e.name .. " has no policy that asks for a second factor",
      { case = group and "group" or "user", at = e, severity = group and "medium" or nil })
  end,
  tests = {
    fail = { [[resource "aws_iam_group" "fire" { name = "ops" }]] },
    pass = { [[
resource "aws_iam_group" "dont_fire" { name = "ops" }
resource "aws_iam_group_policy" "mfa" {
  group  = aws_iam_group.dont_fire.name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Deny", NotAction = "iam:*", Resource = "*",
      Condition = { BoolIfExists = { "aws:MultiFactorAuthPresent" = "false" } } }]
  })
}]] },
    unknown = { [[
variable "policy" {}
resource "aws_iam_group" "a" { name = "ops" }
resource "aws_iam_group_policy" "mfa" {
  group  = aws_iam_group.a.name
  policy = var.policy
}]] },
  },
}
