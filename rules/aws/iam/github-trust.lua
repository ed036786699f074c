local iam = lib "iam"
local trust = lib "trust"

-- What is wrong with a pattern for GitHub's subject claim, or nil.
local function loose(pattern)
  if pattern == "*" then return "takes any repository" end
  local kind, rest = match(pattern, "^([^:]*):(.*)$")
  if not kind then return "names no claim" end
  if match(kind, "^(?:workflow|environment|ref|context|head_ref|base_ref)") then
    return "begins with a claim that callers may choose (" .. kind .. ")"
  end
  if kind ~= "repo" then return nil end
  local owner, name = match(rest, "^([^/:]+)/([^:]+)")
  if not owner or match(owner, "[*?]") then return "takes repositories of any owner" end
  if match(name, "^[*?]+$") and not match(rest, ":(?:ref|environment):[^*?]") then return "takes every repository of " .. owner end
  return nil
end

return rule {
  id = "AWS-IAM-026", title = "GitHub OIDC trust accepts any repository or branch",
  severity = "critical", category = "least-privilege",
  aliases = { CKV_AWS_358 = "document", CKV_AWS_393 = "role" },
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = { "aws.iam.role", "aws.iam.policy_document" },
  where = trust.is_judged,
  description = [[GitHub signs tokens for the workflows of everyone. Only the subject (`sub`) says whose workflow it is: without a
condition on it, or with a loose pattern, any repository can take the role.]],
  remediation = [[Ask for `token.actions.githubusercontent.com:sub` = `repo:OWNER/NAME:ref:refs/heads/main` (or an environment).]],
  references = { "https://docs.github.com/en/actions/how-tos/secure-your-work/security-harden-deployments/oidc-in-aws" },
  -- CKV_AWS_358 and CKV_AWS_393 let every repository of an owner pass: any one of them, forks of the organisation and
  -- experiments included, then takes the role.
  check = function(e)
    local case = e.kind == "aws.iam.role" and "role" or "document"
    return each(trust.statements(e), function(s)
      if not iam.allows(s) then return end
      local github = false
      for _, p in ipairs(s.principals or {}) do
        if p.type == "Federated" then
          local ids = known(p.holder[p.field]) and iam.values(p) or {}
          for i = 1, #ids do
            if known(ids[i]) and match(ids[i], "token\\.actions\\.githubusercontent\\.com") then github = true end
          end
        end
      end
      local subject
      for _, c in ipairs(s.conditions) do
        if match(c.key, "token\\.actions\\.githubusercontent\\.com:sub$") then
          github = true
          subject = c
        end
        if match(c.key, "token\\.actions\\.githubusercontent\\.com:(?:repository|repository_id|repository_owner|job_workflow_ref)$") then
          return
        end
        if match(c.key, "token\\.actions\\.githubusercontent\\.com:aud$") then github = true end
      end
      if not github then return end
      if not subject then
        return fail(trust.name(e) .. " trusts GitHub's workflows without asking whose they are", { case = case, at = s.at })
      end
      for _, value in ipairs(iam.values(subject)) do
        local why = loose(value)
        if why then
          return fail(trust.name(e) .. " trusts GitHub's workflows by the subject " .. value .. ", which " .. why,
            { case = case, at = s.at })
        end
      end
    end)
  end,
  tests = {
    fail = { live [[
[{"type": "aws:iam:role", "name": "fire",
  "body": {"RoleName": "r", "AssumeRolePolicyDocument": {"Statement": [{"Effect": "Allow",
    "Principal": {"Federated": "arn:aws:iam::1:oidc-provider/token.actions.githubusercontent.com"},
    "Action": "sts:AssumeRoleWithWebIdentity"}]}}}]
]], [[
data "aws_iam_policy_document" "fire" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {
      type        = "Federated"
      identifiers = ["arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "token.actions.githubusercontent.com:aud"
      values   = ["sts.amazonaws.com"]
    }
  }
}]], [[
resource "aws_iam_role" "fire" {
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRoleWithWebIdentity",
      Principal = { Federated = "arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com" }
      Condition = { StringLike = { "token.actions.githubusercontent.com:sub" = "repo:acme/*" } } }]
  })
}]] },
    pass = { live [[
[{"type": "aws:iam:role", "name": "dont_fire",
  "body": {"RoleName": "r", "AssumeRolePolicyDocument": {"Statement": [{"Effect": "Allow",
    "Principal": {"Federated": "arn:aws:iam::1:oidc-provider/token.actions.githubusercontent.com"},
    "Action": "sts:AssumeRoleWithWebIdentity",
    "Condition": {"StringEquals": {"token.actions.githubusercontent.com:sub": "repo:acme/shop:ref:refs/heads/main",
    "token.actions.githubusercontent.com:aud": "sts.amazonaws.com"}}}]}}}]
]], [[
data "aws_iam_policy_document" "dont_fire" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {
      type        = "Federated"
      identifiers = ["arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "token.actions.githubusercontent.com:sub"
      values   = ["repo:acme/shop:ref:refs/heads/main"]
    }
  }
}]] },
    unknown = { [[
variable "sub" {}
data "aws_iam_policy_document" "a" {
  statement {
    actions = ["sts:AssumeRoleWithWebIdentity"]
    principals {
      type        = "Federated"
      identifiers = ["arn:aws:iam::123456789012:oidc-provider/token.actions.githubusercontent.com"]
    }
    condition {
      test     = "StringEquals"
      variable = "token.actions.githubusercontent.com:sub"
      values   = [var.sub]
    }
  }
}]] },
  },
}
