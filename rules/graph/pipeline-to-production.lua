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

-- Clusters of production that a role may change: by an access policy, or as one of the administrators' group.
local function clusters_of(role)
  local found = {}
  for _, holder in ipairs(role:edges_to("binds")) do
    local policy = known(holder.raw.policy_arn) and holder.raw.policy_arn or ""
    local strong = match(policy, "/AmazonEKS(Cluster)?AdminPolicy$|/AmazonEKSEditPolicy$") ~= nil
    if holder.kind == "aws.eks.access_entry" then strong = has(list(holder.groups), "system:masters") end
    for _, cluster in ipairs(strong and holder:targets(holder.raw.cluster_name) or {}) do
      if environment.is_production(environment.of(cluster)) then found[#found + 1] = cluster end
    end
  end
  return found
end

-- The environment of a service account: its own, or that of its project.
local function is_of_production(account)
  if environment.is_production(environment.of(account)) then return true end
  for _, project in ipairs(account:targets(account.raw.project)) do
    if environment.is_production(environment.of(project)) then return true end
  end
  return false
end

-- Members by tokens of a pool that may act as a service account, as { text, at }.
local function pool_members(account)
  local found = {}
  for _, holder in ipairs(account:edges_to("grants")) do
    if holder.kind == "gcp.iam.service_account_binding" then
      for _, field in ipairs({ "member", "members" }) do
        for _, text in ipairs(known(holder.raw[field]) and list(holder.raw[field]) or {}) do
          if known(text) and match(text, "workloadIdentityPools/|/attribute\\.repository/|/subject/repo:") then
            found[#found + 1] = { text = text, at = holder }
          end
        end
      end
    end
  end
  return found
end

local reading = "[vV]iewer$|[rR]eader$|[bB]rowser$|[aA]ccessor$"

-- Whether a service account may change anything, by the roles that the scan gives it.
local function account_may_change(account)
  local open
  for _, holder in ipairs(account:edges_to("binds")) do
    local role = holder.raw.role
    if not known(role) then
      local custom = holder:targets(role)[1]
      for _, permission in ipairs(custom and list(custom.raw.permissions) or {}) do
        if known(permission) and not match(permission, "\\.(get|list)[A-Za-z]*$") then return true end
      end
      if custom == nil then open = "a role of " .. account.name .. " is not known" end
    elseif role ~= nil and not match(role, reading) then
      return true
    end
  end
  if open then unknown(open) end
  return false
end

-- The branch that every provider of the configuration asks for; nil: some ask for none.
local function pinned_branch()
  local branch
  for _, provider in ipairs(graph.all("gcp.iam.workload_identity_provider")) do
    local condition = provider.condition or ""
    local one = match(condition, "assertion\\.ref *== *['\"]refs/heads/([^'\"]*)['\"]")
    if one == nil or match(condition, "\\|\\|") then return nil end
    branch = one
  end
  return branch
end

local function judge_member(text)
  local subject = match(text, "/subject/(repo:.*)$")
  if subject then return judge_subject(subject, false) end
  local owner, repository = match(text, "/attribute\\.repository/([^/]*)/([^/]*)$")
  if repository == nil then return nil end -- GCP-IAM-008 judges what is wider than a repository
  local branch = pinned_branch()
  local ref = branch and "ref:refs/heads/" .. branch or "*"
  return judge_subject("repo:" .. owner .. "/" .. repository .. ":" .. ref, branch == nil)
end

local function check_account(account)
  if not account_may_change(account) then return end
  return each(pool_members(account), function(member)
    local who, fix = judge_member(member.text)
    if who then
      return fail("service account " .. account.name .. " of production trusts " .. who .. "; " .. fix, { at = member.at })
    end
  end)
end

return rule {
  id = "GRAPH-010", title = "Pipeline identity reaches production from an unprotected branch", severity = "critical",
  category = "least-privilege",
  version = 2, changes = { "service accounts of Google Cloud, and roles that may change a cluster of production, are judged" },
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = { "aws.iam.role", "gcp.iam.service_account" },
  where = function(e)
    if e.kind == "gcp.iam.service_account" then return is_of_production(e) and #pool_members(e) > 0 end
    return #github_tokens(e) > 0 and (environment.is_production(environment.of(e)) or #clusters_of(e) > 0)
  end,
  description = [[A role that a workflow takes by its token is for whoever may push to the branch that the trust names. When that branch
takes pushes without a review, or the trust takes any branch, one person, or one stolen token of a developer, changes production.
Judged are roles and service accounts of production, by their tag `environment`, their project or the configuration, and roles that may
change a cluster of production.]],
  remediation = [[Trust one branch (`repo:OWNER/NAME:ref:refs/heads/main`), and protect it: pull requests with at least one review.]],
  references = {
    "https://docs.github.com/en/actions/concepts/security/openid-connect",
    "https://cloud.google.com/iam/docs/workload-identity-federation-with-deployment-pipelines",
    "https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-protected-branches/about-protected-branches",
  },
  check = function(role)
    if role.kind == "gcp.iam.service_account" then return check_account(role) end
    if #clusters_of(role) == 0 and not may_change(role) then return end
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
resource "google_project" "shop" {
  project_id = "acme-shop"
  name       = "shop"
  labels     = { environment = "prod" }
}
resource "google_iam_workload_identity_pool_provider" "github" {
  project                            = google_project.shop.project_id
  workload_identity_pool_id          = "github"
  workload_identity_pool_provider_id = "github"
  attribute_condition                = "assertion.repository_owner == 'acme'"
  oidc { issuer_uri = "https://token.actions.githubusercontent.com" }
}
resource "google_service_account" "fire" {
  project    = google_project.shop.project_id
  account_id = "deploy"
}
resource "google_service_account_iam_member" "github" {
  service_account_id = google_service_account.fire.name
  role               = "roles/iam.workloadIdentityUser"
  member             = "principalSet://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/github/attribute.repository/acme/shop"
}
resource "google_project_iam_member" "deploy" {
  project = google_project.shop.project_id
  role    = "roles/run.admin"
  member  = "serviceAccount:${google_service_account.fire.email}"
}]],
      [[
resource "aws_eks_cluster" "prod" {
  name     = "prod"
  role_arn = "arn:aws:iam::111122223333:role/eks"
  tags     = { environment = "prod" }
  vpc_config { subnet_ids = ["subnet-1"] }
}
resource "aws_iam_role" "fire" {
  name = "deploy"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRoleWithWebIdentity",
    Principal = { Federated = "arn:aws:iam::111122223333:oidc-provider/token.actions.githubusercontent.com" },
    Condition = { StringLike = { "token.actions.githubusercontent.com:sub" = "repo:example/shop:*" } } }] })
}
resource "aws_eks_access_policy_association" "deploy" {
  cluster_name  = aws_eks_cluster.prod.name
  principal_arn = aws_iam_role.fire.arn
  policy_arn    = "arn:aws:eks::aws:cluster-access-policy/AmazonEKSEditPolicy"
  access_scope {
    type       = "namespace"
    namespaces = ["shop"]
  }
}]],
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
  required_pull_request_reviews { required_approving_review_count = 1 }
}
resource "google_project" "shop" {
  project_id = "acme-shop"
  name       = "shop"
  labels     = { environment = "prod" }
}
resource "google_iam_workload_identity_pool_provider" "github" {
  project                            = google_project.shop.project_id
  workload_identity_pool_id          = "github"
  workload_identity_pool_provider_id = "github"
  attribute_condition                = "assertion.repository_owner == 'acme' && assertion.ref == 'refs/heads/main'"
  oidc { issuer_uri = "https://token.actions.githubusercontent.com" }
}
resource "google_service_account" "dont_fire" {
  project    = google_project.shop.project_id
  account_id = "deploy"
}
resource "google_service_account_iam_member" "github" {
  service_account_id = google_service_account.dont_fire.name
  role               = "roles/iam.workloadIdentityUser"
  member             = "principalSet://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/github/attribute.repository/acme/shop"
}
resource "google_project_iam_member" "deploy" {
  project = google_project.shop.project_id
  role    = "roles/run.admin"
  member  = "serviceAccount:${google_service_account.dont_fire.email}"
}]],
      [[
resource "google_project" "shop" {
  project_id = "acme-shop"
  name       = "shop"
  labels     = { environment = "prod" }
}
resource "google_iam_workload_identity_pool_provider" "github" {
  project                            = google_project.shop.project_id
  workload_identity_pool_id          = "github"
  workload_identity_pool_provider_id = "github"
  attribute_condition                = "assertion.repository_owner == 'acme'"
  oidc { issuer_uri = "https://token.actions.githubusercontent.com" }
}
resource "google_service_account" "dont_fire" {
  project    = google_project.shop.project_id
  account_id = "deploy"
}
resource "google_service_account_iam_member" "github" {
  service_account_id = google_service_account.dont_fire.name
  role               = "roles/iam.workloadIdentityUser"
  member             = "principalSet://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/github/attribute.repository/acme/shop"
}
resource "google_project_iam_member" "deploy" {
  project = google_project.shop.project_id
  role    = "roles/run.viewer"
  member  = "serviceAccount:${google_service_account.dont_fire.email}"
}]],
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
resource "google_project" "shop" {
  project_id = "acme-shop"
  name       = "shop"
  labels     = { environment = "prod" }
}
resource "google_iam_workload_identity_pool_provider" "github" {
  project                            = google_project.shop.project_id
  workload_identity_pool_id          = "github"
  workload_identity_pool_provider_id = "github"
  attribute_condition                = "assertion.repository_owner == 'acme' && assertion.ref == 'refs/heads/main'"
  oidc { issuer_uri = "https://token.actions.githubusercontent.com" }
}
resource "google_service_account" "a" {
  project    = google_project.shop.project_id
  account_id = "deploy"
}
resource "google_service_account_iam_member" "github" {
  service_account_id = google_service_account.a.name
  role               = "roles/iam.workloadIdentityUser"
  member             = "principalSet://iam.googleapis.com/projects/1/locations/global/workloadIdentityPools/github/attribute.repository/acme/shop"
}
resource "google_project_iam_member" "deploy" {
  project = google_project.shop.project_id
  role    = "roles/run.admin"
  member  = "serviceAccount:${google_service_account.a.email}"
}]],
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
