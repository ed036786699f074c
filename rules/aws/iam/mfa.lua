local rights = iam -- the engine: what principals may do
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

-- Accounts and users: what a role or a service asks with has no second factor anyway.
local function is_person(text)
  return text == "*" or match(text, "^[0-9]{12}$") ~= nil or match(text, "^arn:[^:]*:iam::[0-9]*:(?:root|user/.*)$") ~= nil
end

-- An administrator's role that people take without a second factor.
local function of_role(e)
  if not rights.is_admin(e) then return end
  for _, s in ipairs(iam.statements(json(e.raw.AssumeRolePolicyDocument))) do
    if s.effect == "Allow" and not asks(s) then
      for _, p in ipairs(s.principals or {}) do
        local people = p.type == "*"
        if p.type == "AWS" then
          for _, text in ipairs(iam.values(p)) do people = people or is_person(text) end
        end
        if people then
          return fail("role " .. e.name .. " is administrator, and people take it without a second factor",
            { case = "user", at = s.at })
        end
      end
    end
  end
end

-- A row of the credential report.
local function of_credential(e)
  if e.password == "true" and e.mfa ~= "true" then
    return fail("console user " .. e.name .. " has no second factor", { case = "user", at = "mfa" })
  end
end

return rule {
  id = "AWS-IAM-019", title = "Multi-factor authentication is not enforced",
  severity = "high", category = "least-privilege",
  aliases = { ["AVD-AWS-0123"] = "group", ["AVD-AWS-0145"] = "user" },
  frameworks = { "CIS-AWS-3.0:1.10", "NIST-800-53r5:IA-2", "PCI-DSS-4.0:8.3.1", "SOC2:CC6.1",
    "ISO27001-2022:A.8.5" },
  for_each = { "aws.iam.group", "aws.iam.user", "aws.iam.role", "aws.iam.credential" },
  -- Of an account, the credential report says who has a device; the root user is AWS-IAM-021's.
  where = function(e)
    if e.kind == "aws.iam.credential" then return e.name ~= "<root_account>" end
    if e.kind == "aws.iam.role" then return e.origin == "live" end
    if e.origin == "live" then return false end
    return e.kind == "aws.iam.group" or #e:satellites("login") > 0
  end,
  description = [[A password alone is guessed, phished or reused. A policy that denies everything without a second factor makes people
set one up.]],
  remediation = [[Attach a policy with a Deny on `BoolIfExists` `aws:MultiFactorAuthPresent` `false` to the group.]],
  references = { "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_examples_aws_my-sec-creds-self-manage.html" },
  check = function(e)
    if e.kind == "aws.iam.role" then return of_role(e) end
    if e.kind == "aws.iam.credential" then return of_credential(e) end
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
    fail = { live [[
[{"type": "aws:iam:credential-report", "name": "fire", "body": {"user": "fire", "password_enabled": "true", "mfa_active": "false"}},
 {"type": "aws:iam:role", "name": "fire", "account": "123456789012", "body": {"RoleName": "fire",
  "Arn": "arn:aws:iam::123456789012:role/fire",
  "RolePolicyList": [{"PolicyName": "p", "PolicyDocument": {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}}],
  "AssumeRolePolicyDocument": {"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",
  "Principal": {"AWS": "arn:aws:iam::123456789012:root"}}]}}}]
]], [[resource "aws_iam_group" "fire" { name = "ops" }]] },
    pass = { live [[
[{"type": "aws:iam:credential-report", "name": "dont_fire", "body": {"user": "dont_fire", "password_enabled": "true", "mfa_active": "true"}},
 {"type": "aws:iam:role", "name": "dont_fire", "account": "123456789012", "body": {"RoleName": "dont_fire",
  "Arn": "arn:aws:iam::123456789012:role/dont_fire",
  "RolePolicyList": [{"PolicyName": "p", "PolicyDocument": {"Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}}],
  "AssumeRolePolicyDocument": {"Statement": [{"Effect": "Allow", "Action": "sts:AssumeRole",
  "Principal": {"AWS": "arn:aws:iam::123456789012:root"}, "Condition": {"Bool": {"aws:MultiFactorAuthPresent": "true"}}}]}}}]
]], [[
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
