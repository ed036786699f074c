return rule {
  id = "AWS-IAM-017", title = "Permissions are attached to users instead of groups",
  severity = "low", category = "least-privilege",
  aliases = { CKV_AWS_40 = "user", ["AVD-AWS-0143"] = "user", CKV2_AWS_21 = "no-group", CKV2_AWS_14 = { "no-member", "no-group" } },
  frameworks = { "CIS-AWS-3.0:1.15", "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3",
    "ISO27001-2022:A.5.15" },
  for_each = { "aws.iam.inline_policy", "aws.iam.policy_attachment", "aws.iam.group", "aws.iam.group_membership",
    "aws.iam.user" },
  where = function(e)
    if e.kind == "aws.iam.inline_policy" then return e.type == "aws_iam_user_policy" end
    if e.kind == "aws.iam.policy_attachment" then return one_of(e.type, "aws_iam_user_policy_attachment", "aws_iam_policy_attachment") end
    -- A live user holds its policies; in code they stand beside it. Who is in a live group, the users say.
    if e.kind == "aws.iam.user" then return e.origin == "live" end
    return e.origin ~= "live"
  end,
  description = [[Rights of single users are forgotten when people change their work; rights of groups and roles go with the
membership.]],
  remediation = [[Attach policies to groups or roles, and put users into groups.]],
  references = { "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html" },
  check = function(e)
    if e.kind == "aws.iam.user" then
      local names = {}
      for _, policy in ipairs(list(e.raw.AttachedManagedPolicies)) do names[#names + 1] = policy.PolicyName end
      for _, policy in ipairs(list(e.raw.UserPolicyList)) do names[#names + 1] = policy.PolicyName end
      if #names == 0 then return end
      return fail("user " .. e.name .. " has policies of its own: " .. table.concat(names, ", "), { case = "user" })
    end
    if e.kind == "aws.iam.group" then
      if #e:satellites("members") > 0 then return end
      for _, user in ipairs(e:edges_to("references")) do
        if user.type == "aws_iam_user_group_membership" then return end
      end
      return fail("group " .. e.name .. " has no member in this code", { case = "no-member", severity = "info" })
    end
    if e.kind == "aws.iam.group_membership" then
      local users = e.raw.users
      if users == nil or #users == 0 then return fail("group membership " .. e.name .. " names no user", { case = "no-group" }) end
      return
    end
    if e.type == "aws_iam_policy_attachment" then
      local users = e.raw.users
      if users == nil or #users == 0 then return end
      return fail("policy attachment " .. e.name .. " names users", { case = "user", at = users })
    end
    local what = e.kind == "aws.iam.inline_policy" and "inline policy " or "policy attachment "
    return fail(what .. e.name .. " gives rights to a user instead of a group", { case = "user" })
  end,
  tests = {
    fail = { live [[
[{"type": "aws:iam:user", "name": "fire", "body": {"UserName": "fire", "GroupList": ["dev"],
  "AttachedManagedPolicies": [{"PolicyName": "ReadOnlyAccess", "PolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}]}}]
]], live [[
[{"type": "aws:iam:user", "name": "fire", "body": {"UserName": "fire", "GroupList": [], "AttachedManagedPolicies": [],
  "UserPolicyList": [{"PolicyName": "own", "PolicyDocument": {"Statement": []}}]}}]
]], [[
resource "aws_iam_user_policy_attachment" "fire" {
  user       = "u"
  policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
}]], [[
resource "aws_iam_policy_attachment" "fire" {
  name       = "a"
  users      = ["u"]
  policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
}]] },
    pass = { live [[
[{"type": "aws:iam:user", "name": "dont_fire", "body": {"UserName": "dont_fire", "GroupList": ["dev"], "AttachedManagedPolicies": []}}]
]], [[
resource "aws_iam_policy_attachment" "dont_fire" {
  name       = "a"
  groups     = ["g"]
  policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
}]] },
    unknown = { [[
variable "users" { type = list(string) }
resource "aws_iam_policy_attachment" "a" {
  name       = "a"
  users      = var.users
  policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
}]] },
  },
}
