-- luacheck: no max line length
local policies = lib "iam"
local trust = lib "trust"

-- Where the policy lies; roles are read as trust policies.
local function statements_of(e)
  if e.kind == "aws.iam.role" then return trust.statements(e) end
  local document = e.raw.policy
  if document == nil then document = e.raw.Policy end
  if document == nil then return {} end
  return policies.statements(json(document))
end

local ties = { ["sts:externalid"] = true, ["aws:principalorgid"] = true, ["aws:principalorgpaths"] = true,
  ["aws:sourceorgid"] = true, ["aws:sourceaccount"] = true, ["aws:principalaccount"] = true }

local function is_tied(s)
  for _, c in ipairs(s.conditions) do
    if ties[c.key] then return true end
  end
  return false
end

return rule {
  id = "GRAPH-011", title = "Account outside the known list is trusted", severity = "high", category = "least-privilege",
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = { "aws.iam.role", "aws.s3.bucket_policy", "aws.kms.key", "aws.kms.key_policy", "aws.sns.topic", "aws.sns.topic_policy",
    "aws.sqs.queue", "aws.sqs.queue_policy", "aws.ecr.repository_policy", "aws.secretsmanager.policy" },
  where = function(e) return #param("known_accounts", {}) > 0 end,
  description = [[A policy that names an account hands over what it protects to whoever administers that account. The accounts of the
organisation and of its partners stand in the parameter `known_accounts`; without it the rule has nothing to compare with.]],
  remediation = [[Take the account out, have the caller show an external id (`sts:ExternalId`) or belong to the organisation
(`aws:PrincipalOrgID`), or add the account to `known_accounts`.]],
  references = { "https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html" },
  check = function(e)
    return each(statements_of(e), function(s)
      if not policies.allows(s) or is_tied(s) then return end
      return each(policies.ids(e, s, "AWS"), function(id)
        local account = match(id, "^([0-9]{12})$") or match(id, "^arn:[^:]*:(?:iam|sts)::([0-9]{12}):")
        if not account or has(param("known_accounts", {}), account) or account == e.account then return end
        return fail(e.name .. " lets in account " .. account .. ", which is not known (" .. id .. ")", { at = s.at })
      end)
    end)
  end,
  tests = {
    fail = {
      [[
# parameters: {"known_accounts": ["111122223333"]}
resource "aws_iam_role" "fire" {
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { AWS = "arn:aws:iam::999999999999:role/x" }, Action = "sts:AssumeRole" }]
  })
}]],
      [[
# parameters: {"known_accounts": ["111122223333"]}
resource "aws_s3_bucket" "b" { bucket = "b" }
resource "aws_s3_bucket_policy" "fire" {
  bucket = aws_s3_bucket.b.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { AWS = ["111122223333", "999999999999"] }, Action = "s3:GetObject", Resource = "*" }]
  })
}]],
    },
    pass = {
      [[
# parameters: {"known_accounts": ["111122223333"]}
resource "aws_iam_role" "dont_fire" {
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Principal = { AWS = "arn:aws:iam::111122223333:root" }, Action = "sts:AssumeRole" },
      { Effect = "Allow", Principal = { AWS = "999999999999" }, Action = "sts:AssumeRole", Condition = { StringEquals = { "sts:ExternalId" = "4711" } } },
      { Effect = "Deny", Principal = { AWS = "888888888888" }, Action = "sts:AssumeRole" },
      { Effect = "Allow", Principal = { Service = "ec2.amazonaws.com" }, Action = "sts:AssumeRole" },
    ]
  })
}]],
    },
    unknown = {
      [[
# parameters: {"known_accounts": ["111122223333"]}
variable "trust" {}
resource "aws_iam_role" "r" { assume_role_policy = var.trust }]],
    },
  },
}
