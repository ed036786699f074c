-- luacheck: no max line length
local environment = lib "environment"
local federation = lib "federation"

-- Levels of access that change something.
local changes = { write = true, ["permissions management"] = true, tagging = false }

local function github_tokens(role)
  local found = {}
  for _, token in ipairs(federation.tokens(role)) do
    if match(token.issuer, "token\\.actions\\.githubusercontent\\.com") then found[#found + 1] = token end
  end
  return found
end

-- Whether the role may change anything at all, by what is known of its policies.
local function may_change(role)
  if iam.is_admin(role) then return true end
  local grants, doubt = iam.effective(role)
  for _, grant in ipairs(grants) do
    if changes[grant.level] then return true end
  end
  if doubt then unknown(doubt) end
  return false
end

local function is_of(e, repository)
  for _, target in ipairs(e:edges_from("attached_to")) do
    if target.kind == "github.repository" and target.name == repository then return true end
  end
  local named = e.raw.repository_id or e.raw.repository
  return known(named) and named ~= nil and match(named, "([^/]*)$") == repository
end

-- True where a protection asks for a review; false where protections of the repository leave the branch out; nil where none is in
-- the scan.
local function is_reviewed(repository, branch)
  local seen
  for _, protection in ipairs(graph.everywhere("github.branch_protection")) do
    if is_of(protection, repository) then
      seen = true
      if glob(branch, protection.pattern or "") and protection.reviews then return true end
    end
  end
  for _, ruleset in ipairs(graph.everywhere("github.ruleset")) do
    if is_of(ruleset, repository) then
      seen = true
      if ruleset.enforcement == "active" and ruleset.reviews then return true end
    end
  end
  if seen then return false end
end

-- Why code that nobody reviewed gets the token of a subject; nil: it does not.
local function judge_subject(subject, like)
  local repository, rest = match(subject, "^repo:[^/]*/([^:]*):(.*)$")
  if repository == nil then return nil end -- AWS-IAM-026 judges what is wider than a repository
  if like and match(rest, "^\\*") then return "any branch of " .. repository, "name the branch: ref:refs/heads/main" end
  if rest == "pull_request" then return "pull requests of " .. repository, "name the branch: ref:refs/heads/main" end
  local branch = match(rest, "^ref:refs/heads/(.*)$")
  if branch == nil then
    unknown("who may run " .. rest .. " of " .. repository .. " is set at GitHub")
  end
  if like and match(branch, "[*?]") then return "branches " .. branch .. " of " .. repository, "name one branch that is protected" end
  local reviewed = is_reviewed(repository, branch)
  if reviewed == nil then unknown("the protection of branch " .. branch .. " of " .. repository .. " is outside the scan") end
  if not reviewed then return "branch " .. branch .. " of " .. repository .. ", which takes pushes without a review", "protect it: required_pull_request_reviews" end
end

return rule {
  id = "GRAPH-010", title = "Pipeline identity reaches production from an unprotected branch", severity = "critical",
  category = "least-privilege",
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = "aws.iam.role",
  where = function(e) return environment.is_production(environment.of(e)) and #github_tokens(e) > 0 end,
  description = [[A role that a workflow takes by its token is for whoever may push to the branch that the trust names. When that branch
takes pushes without a review, or the trust takes any branch, one person, or one stolen token of a developer, changes production.
Judged are roles of production, by their tag `environment` or the configuration.]],
  remediation = [[Trust one branch (`repo:OWNER/NAME:ref:refs/heads/main`), and protect it: pull requests with at least one review.]],
  references = {
    "https://docs.github.com/en/actions/concepts/security/openid-connect",
    "https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-protected-branches/about-protected-branches",
  },
  check = function(role)
    if not may_change(role) then return end
    return each(github_tokens(role), function(token)
      if token.subjects == nil then
        return fail("role " .. role.name .. " of production trusts every workflow of GitHub; name repository and branch in a condition on :sub", { at = token.at })
      end
      return each(token.subjects, function(subject)
        local who, fix = judge_subject(subject, token.like)
        if who then return fail("role " .. role.name .. " of production trusts " .. who .. "; " .. fix, { at = token.at }) end
      end)
    end)
  end,
  tests = {
    fail = {
      [[
resource "aws_iam_role" "fire" {
  name = "deploy"
  tags = { environment = "prod" }
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRoleWithWebIdentity",
    Principal = { Federated = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com" },
    Condition = { StringLike = { "token.actions.githubusercontent.com:sub" = "repo:example/shop:*" } } }] })
}
resource "aws_iam_role_policy" "p" {
  role   = aws_iam_role.fire.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "ecs:UpdateService", Resource = "*" }] })
}]],
      [[
resource "github_repository" "shop" { name = "shop" }
resource "github_branch_protection" "main" {
  repository_id  = github_repository.shop.name
  pattern        = "main"
  enforce_admins = true
}
resource "aws_iam_role" "fire" {
  name = "deploy"
  tags = { environment = "prod" }
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRoleWithWebIdentity",
    Principal = { Federated = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com" },
    Condition = { StringEquals = { "token.actions.githubusercontent.com:sub" = "repo:example/shop:ref:refs/heads/main" } } }] })
}
resource "aws_iam_role_policy_attachment" "p" {
  role       = aws_iam_role.fire.name
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}]],
    },
    pass = {
      [[
resource "github_repository" "shop" { name = "shop" }
resource "github_branch_protection" "main" {
  repository_id = github_repository.shop.name
  pattern       = "main"
  required_pull_request_reviews {
    required_approving_review_count = 1
  }
}
resource "aws_iam_role" "dont_fire" {
  name = "deploy"
  tags = { environment = "prod" }
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRoleWithWebIdentity",
    Principal = { Federated = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com" },
    Condition = { StringEquals = { "token.actions.githubusercontent.com:sub" = "repo:example/shop:ref:refs/heads/main" } } }] })
}
resource "aws_iam_role_policy_attachment" "p" {
  role       = aws_iam_role.dont_fire.name
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}]],
      [[
resource "aws_iam_role" "dont_fire" {
  name = "audit"
  tags = { environment = "prod" }
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRoleWithWebIdentity",
    Principal = { Federated = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com" },
    Condition = { StringLike = { "token.actions.githubusercontent.com:sub" = "repo:example/shop:*" } } }] })
}
resource "aws_iam_role_policy" "p" {
  role   = aws_iam_role.dont_fire.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "ec2:DescribeInstances", Resource = "*" }] })
}]],
    },
    unknown = {
      [[
resource "aws_iam_role" "r" {
  name = "deploy"
  tags = { environment = "prod" }
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRoleWithWebIdentity",
    Principal = { Federated = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com" },
    Condition = { StringEquals = { "token.actions.githubusercontent.com:sub" = "repo:example/shop:ref:refs/heads/main" } } }] })
}
resource "aws_iam_role_policy_attachment" "p" {
  role       = aws_iam_role.r.name
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}]],
    },
  },
}
