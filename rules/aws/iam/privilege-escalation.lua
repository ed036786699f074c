local rights = iam -- the engine: what principals may do
local iam = lib "iam"

-- Sets of actions by which a principal gains rights it does not have: what they do, and the actions.
local methods = {
  { "makes keys of any user", "iam:CreateAccessKey" },
  { "gives any user a console password", "iam:CreateLoginProfile" },
  { "changes any user's console password", "iam:UpdateLoginProfile" },
  { "joins any group", "iam:AddUserToGroup" },
  { "rewrites managed policies", "iam:CreatePolicyVersion" },
  { "brings back older versions of policies", "iam:SetDefaultPolicyVersion" },
  { "attaches policies to users", "iam:AttachUserPolicy" },
  { "attaches policies to groups", "iam:AttachGroupPolicy" },
  { "attaches policies to a role and assumes it", "iam:AttachRolePolicy", "sts:AssumeRole" },
  { "writes policies of users", "iam:PutUserPolicy" },
  { "writes policies of groups", "iam:PutGroupPolicy" },
  { "writes policies of a role and assumes it", "iam:PutRolePolicy", "sts:AssumeRole" },
  { "changes who may assume a role and assumes it", "iam:UpdateAssumeRolePolicy", "sts:AssumeRole" },
  { "starts instances with any role", "iam:PassRole", "ec2:RunInstances" },
  { "runs functions with any role", "iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction" },
  { "runs functions with any role on events", "iam:PassRole", "lambda:CreateFunction", "lambda:CreateEventSourceMapping" },
  { "starts Glue endpoints with any role", "iam:PassRole", "glue:CreateDevEndpoint" },
  { "makes stacks with any role", "iam:PassRole", "cloudformation:CreateStack" },
  { "makes pipelines with any role", "iam:PassRole", "datapipeline:CreatePipeline" },
  { "starts containers with any role", "iam:PassRole", "ecs:RegisterTaskDefinition", "ecs:RunTask" },
  { "starts builds with any role", "iam:PassRole", "codebuild:CreateProject", "codebuild:StartBuild" },
  { "starts notebooks with any role", "iam:PassRole", "sagemaker:CreateNotebookInstance", "sagemaker:CreatePresignedNotebookInstanceUrl" },
  { "puts its key on Glue endpoints", "glue:UpdateDevEndpoint" },
  { "changes the code of functions", "lambda:UpdateFunctionCode" },
}

-- The statement by which every action of the method is allowed on everything, else nil.
local function allowed(e, statements, method)
  local first
  for i = 2, #method do
    local hit
    for _, s in ipairs(statements) do
      if iam.allows(s) and #s.conditions == 0 and iam.takes(s, method[i]) and iam.any_resource(e, s) then
        hit = s
        break
      end
    end
    if not hit or iam.denied(statements, method[i]) then return nil end
    first = first or hit
  end
  return first
end

-- What a user of an account gets from its groups is reported where it arrives too: the user is who can be stolen.
local function of_user(e)
  local joined = {}
  for _, name in ipairs(list(e.raw.GroupList)) do joined[name] = true end
  for _, group in ipairs(graph.all("aws.iam.group")) do
    if group.origin == "live" and group.account == e.account and joined[group.name] then
      for _, inline in ipairs(list(group.raw.GroupPolicyList)) do
        local statements = iam.statements(json(inline.PolicyDocument))
        for _, method in ipairs(methods) do
          local s = allowed(e, statements, method)
          local held = s ~= nil
          for i = 2, held and #method or 1 do held = held and rights.everywhere(e, method[i]) end
          if held then
            return fail("user " .. e.name .. " may gain rights through group " .. group.name .. ": with "
              .. table.concat(method, ", ", 2) .. " on every resource one " .. method[1], { case = "policy", at = e,
              evidence = { { s.at, "policy " .. inline.PolicyName .. " of group " .. group.name } } })
          end
        end
      end
    end
  end
end

return rule {
  id = "AWS-IAM-009", title = "Policy contains a privilege escalation set",
  severity = "critical", category = "least-privilege",
  aliases = { CKV_AWS_110 = "document", CKV_AWS_286 = "policy" },
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = { "aws.iam.policy", "aws.iam.inline_policy", "aws.iam.policy_document", "aws.iam.role", "aws.iam.user",
    "aws.sso.inline_policy" },
  where = function(e)
    if e.kind == "aws.iam.user" then return e.origin == "live" and #list(e.raw.GroupList) > 0 end
    return iam.is_judged(e)
  end,
  description = [[Together these actions let their holder take rights that were not given to him, up to those of an administrator.]],
  remediation = [[Limit the actions to named roles, users and policies, or take one of them away.]],
  references = { "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_boundaries.html" },
  check = function(e)
    if e.kind == "aws.iam.user" then return of_user(e) end
    local statements = iam.identity(e)
    for _, method in ipairs(methods) do
      local s = allowed(e, statements, method)
      if s then
        return fail("policy " .. e.name .. " lets its holder gain rights: with " .. table.concat(method, ", ", 2)
          .. " on every resource one " .. method[1], { case = iam.case(e), at = s.at })
      end
    end
  end,
  tests = {
    fail = { live [[
[{"type": "aws:iam:user", "name": "fire", "account": "123456789012",
  "body": {"UserName": "fire", "Arn": "arn:aws:iam::123456789012:user/fire", "GroupList": ["ops"]}},
 {"type": "aws:iam:group", "name": "ops", "account": "123456789012", "body": {"GroupName": "ops",
  "Arn": "arn:aws:iam::123456789012:group/ops", "GroupPolicyList": [{"PolicyName": "p",
  "PolicyDocument": {"Statement": [{"Effect": "Allow", "Action": "iam:CreatePolicyVersion", "Resource": "*"}]}}]}}]
]], live [[
[{"type": "aws:iam:policy", "name": "fire",
  "body": {"PolicyDocument": "{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"*\",\"Resource\":\"*\"}]}"}}]
]], [[
data "aws_iam_policy_document" "fire" {
  statement {
    actions   = ["iam:PassRole"]
    resources = ["*"]
  }
  statement {
    actions   = ["lambda:*"]
    resources = ["*"]
  }
}]] },
    pass = { live [[
[{"type": "aws:iam:user", "name": "dont_fire", "account": "123456789012",
  "body": {"UserName": "dont_fire", "Arn": "arn:aws:iam::123456789012:user/dont_fire", "GroupList": ["ops"],
  "UserPolicyList": [{"PolicyName": "no", "PolicyDocument": {"Statement": [{"Effect": "Deny", "Action": "iam:*", "Resource": "*"}]}}]}},
 {"type": "aws:iam:group", "name": "ops", "account": "123456789012", "body": {"GroupName": "ops",
  "Arn": "arn:aws:iam::123456789012:group/ops", "GroupPolicyList": [{"PolicyName": "p",
  "PolicyDocument": {"Statement": [{"Effect": "Allow", "Action": "iam:CreatePolicyVersion", "Resource": "*"}]}}]}}]
]], live [[
[{"type": "aws:iam:policy", "name": "dont_fire",
  "body": {"PolicyDocument": "{\"Statement\":[{\"Effect\":\"Allow\",\"Action\":\"s3:GetObject\",\"Resource\":\"arn:aws:s3:::b/*\"}]}"}}]
]], [[
data "aws_iam_policy_document" "dont_fire" {
  statement {
    actions   = ["iam:PassRole"]
    resources = ["arn:aws:iam::123456789012:role/app"]
  }
  statement {
    actions   = ["lambda:CreateFunction", "lambda:InvokeFunction"]
    resources = ["*"]
  }
}]] },
    unknown = { [[
variable "resource" {}
data "aws_iam_policy_document" "a" {
  statement {
    actions   = ["iam:CreatePolicyVersion"]
    resources = [var.resource]
  }
}]] },
  },
}
