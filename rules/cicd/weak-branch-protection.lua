-- What a protection must say: { field, wanted, case, text, severity }.
local WANTED = {
  { "dismisses_stale", true, "stale-reviews", "keeps approvals when new commits come", "medium" },
  { "code_owners", true, "code-owners", "asks no code owner for review", "medium" },
  { "signed", true, "signed", "takes unsigned commits", "medium" },
  { "checks", true, "checks", "asks for no check to pass", nil },
  { "admins", true, "administrators", "does not bind administrators", "medium" },
  { "force_pushes", false, "force-pushes", "admits force pushes", nil },
  { "deletions", false, "deletion", "admits deletion", nil },
  { "strict", true, "up-to-date", "merges branches that are not up to date", "low" },
  { "linear", true, "linear-history", "does not ask for a linear history", "low" },
  { "conversations", true, "conversations", "merges with open conversations", "low" },
  { "pushers", true, "push-limits", "lets everybody with write access push", "low" },
  { "dismissal_restricted", true, "dismissal", "lets everybody with write access dismiss reviews", "low" },
}

local RULESET = {
  { "dismisses_stale", "stale-reviews", "keep approvals when new commits come", "medium" },
  { "code_owners", "code-owners", "ask no code owner for review", "medium" },
  { "signed", "signed", "take unsigned commits", "medium" },
  { "checks", "checks", "ask for no check to pass", nil },
  { "blocks_force_pushes", "force-pushes", "admit force pushes", nil },
  { "blocks_deletion", "deletion", "admit deletion", nil },
}

-- github_branch_protection_v3 cannot say these.
local NOT_IN_V3 = { linear = true, force_pushes = true, deletions = true }

local function judge_protection(e)
  local failures = each(WANTED, function(wanted)
    local field, value, case, text, severity = wanted[1], wanted[2], wanted[3], wanted[4], wanted[5]
    if e.type == "github_branch_protection_v3" and NOT_IN_V3[field] then return end
    if (e[field] == true) ~= value then
      return fail("the protection of " .. (e.pattern or e.name) .. " " .. text, { at = field, case = case, severity = severity })
    end
  end)
  local approvals = e.reviews and (e.approvals or 1) or 0
  if approvals < 2 then
    failures[#failures + 1] = fail("the protection of " .. (e.pattern or e.name) .. " asks for " .. math.tointeger(approvals) ..
      " approvals, not two",
      { at = "approvals", case = "approvals" })
  end
  return failures
end

-- Rulesets of one repository add up; the first of them is judged for all.
local function siblings(e)
  local all = {}
  local own = e:targets(e.raw.repository)[1]
  for _, other in ipairs(graph.all("github.ruleset")) do
    local same
    if own ~= nil then same = other:targets(other.raw.repository)[1] == own else same = other.raw.repository == e.raw.repository end
    if same and other.enforcement == "active" and other.target == "branch" then all[#all + 1] = other end
  end
  return all
end

local function judge_ruleset(e)
  local all = siblings(e)
  if all[1] ~= e then return end
  local function any(field)
    for _, other in ipairs(all) do
      if other[field] == true then return true end
    end
    return false
  end
  local failures = each(RULESET, function(wanted)
    if not any(wanted[1]) then
      return fail("the rulesets of the repository of " .. e.name .. " " .. wanted[3], { at = wanted[1], case = wanted[2], severity = wanted[4] })
    end
  end)
  local approvals = 0
  for _, other in ipairs(all) do
    if other.reviews and other.approvals > approvals then approvals = other.approvals end
  end
  if approvals < 2 then
    failures[#failures + 1] = fail("the rulesets of the repository of " .. e.name .. " ask for " .. math.tointeger(approvals) ..
      " approvals, not two",
      { at = "approvals", case = "approvals" })
  end
  for _, actor in ipairs(list(e.bypass)) do
    if actor.bypass_mode == "always" then
      failures[#failures + 1] = fail("the ruleset " .. e.name .. " can always be bypassed by a " .. tostring(actor.actor_type),
        { at = actor, case = "administrators", severity = "medium" })
    end
  end
  return failures
end

local function judge_repository(e)
  if e.archived then return end
  if #e:referrers("github.branch_protection") > 0 or #e:referrers("github.ruleset") > 0 then return end
  if #graph.of_type("github_organization_ruleset") > 0 then unknown("a ruleset of the organisation may protect the branches") end
  for _, kind in ipairs { "github.branch_protection", "github.ruleset" } do
    for _, other in ipairs(graph.all(kind)) do
      local repository = other.raw.repository_id or other.raw.repository -- unknown: it may be this one
      if repository == e.name then return end
    end
  end
  return fail("no branch of the repository " .. e.name .. " is protected", { at = e, case = "no-protection" })
end

local function judge_project(e)
  local failures = {}
  local approvals = e.approvals
  for _, r in ipairs(graph.of_type("gitlab_project_approval_rule")) do
    if r.raw.approvals_required ~= nil and r:targets(r.raw.project)[1] == e and
      r.raw.approvals_required > approvals then approvals = r.raw.approvals_required end
  end
  if approvals < 2 then
    failures[1] = fail("merge requests of " .. e.name .. " need " .. math.tointeger(approvals) .. " approvals, not two",
      { at = "approvals", case = "gitlab-approvals" })
  end
  if e.raw.push_rules == nil or e.raw.push_rules.reject_unsigned_commits ~= true then
    failures[#failures + 1] = fail("the project " .. e.name .. " takes unsigned commits",
      { at = "push_rules", case = "gitlab-signed", severity = "medium" })
  end
  return failures
end

local function judge_gitlab_branch(e)
  if e.force_push then
    return fail("the protection of " .. e.branch .. " admits force pushes", { at = "force_push", case = "gitlab-force-pushes" })
  end
end
return rule {
  id = "CICD-019", title = "Branch protection does not demand review, signature and checks",
  severity = "high", category = "hygiene",
  aliases = { CKV_GIT_5 = "approvals", CKV_GITHUB_19 = "approvals", CKV_GLB_1 = "gitlab-approvals", CKV_GITLAB_1 = "gitlab-approvals",
    CKV_GIT_6 = "signed", CKV_GITHUB_4 = "signed", ["AVD-GIT-0004"] = "signed", CKV_GLB_4 = "gitlab-signed", CKV_GITHUB_5 = "force-pushes",
      CKV_GLB_2 = "gitlab-force-pushes", CKV_GITHUB_8 = "linear-history", CKV_GITHUB_10 = "administrators", CKV_GITHUB_11 = "stale-reviews",
        CKV_GITHUB_12 = "dismissal", CKV_GITHUB_13 = "code-owners", CKV_GITHUB_14 = "checks", CKV_GITHUB_16 = "conversations",
          CKV_GITHUB_17 = "push-limits", CKV_GITHUB_18 = "deletion", CKV_GITHUB_20 = "up-to-date", CKV2_GIT_1 = "no-protection" },
  frameworks = { "NIST-800-53r5:CM-3", "PCI-DSS-4.0:6.5.1", "SOC2:CC8.1", "ISO27001-2022:A.8.32" },
  for_each = { "github.branch_protection", "github.ruleset", "github.repository", "gitlab.project", "gitlab.branch_protection" },
  where = function(e)
    if e.kind == "github.ruleset" then return e.enforcement == "active" and e.target == "branch" end
    return true
  end,
  description = [[What is merged is deployed. Two people who look, checks that pass, signatures and an unbroken history are what stands between one
stolen account and production.]],
  remediation = [[Demand two approvals with code owners, dismiss stale ones, require status checks and signed commits, bind administrators, and admit
neither force pushes nor deletion.]],
  references = {
    "https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-protected-branches/about-protected-branches",
    "https://registry.terraform.io/providers/integrations/github/latest/docs/resources/branch_protection" },
  check = function(e)
    if e.kind == "github.branch_protection" then return judge_protection(e) end
    if e.kind == "github.ruleset" then return judge_ruleset(e) end
    if e.kind == "github.repository" then return judge_repository(e) end
    if e.kind == "gitlab.project" then return judge_project(e) end
    return judge_gitlab_branch(e)
  end,
  tests = {
    fail = { [[
resource "github_repository" "fire" { name = "api" }
]], [[
resource "github_branch_protection" "fire" {
  repository_id  = "R_1"
  pattern        = "main"
  enforce_admins = true
  required_pull_request_reviews { required_approving_review_count = 1 }
}
]], [[
resource "github_repository_ruleset" "fire" {
  name        = "main"
  repository  = "api"
  target      = "branch"
  enforcement = "active"
  rules { deletion = true }
}
]], [[
resource "gitlab_project" "fire" { name = "api" }
resource "gitlab_branch_protection" "fire" {
  project          = "1"
  branch           = "main"
  allow_force_push = true
}
]], live [[
[{"type": "github:branches", "name": "fire", "body": {"name": "main", "allow_force_pushes": {"enabled": true}}}]
]] },
    pass = { [[
resource "github_repository" "dont_fire" { name = "api" }
resource "github_branch_protection" "dont_fire" {
  repository_id                   = github_repository.dont_fire.node_id
  pattern                         = "main"
  enforce_admins                  = true
  require_signed_commits          = true
  required_linear_history         = true
  require_conversation_resolution = true
  required_pull_request_reviews {
    required_approving_review_count = 2
    dismiss_stale_reviews           = true
    require_code_owner_reviews      = true
    restrict_dismissals             = true
  }
  required_status_checks { strict = true }
  restrict_pushes {}
}
]], [[
resource "gitlab_project" "dont_fire" {
  name                   = "api"
  approvals_before_merge = 2
  push_rules { reject_unsigned_commits = true }
}
resource "gitlab_branch_protection" "dont_fire" {
  project = gitlab_project.dont_fire.id
  branch  = "main"
}
]] },
    unknown = { [[
variable "signed" {}
resource "github_branch_protection" "a" {
  repository_id                   = "R_1"
  pattern                         = "main"
  enforce_admins                  = true
  require_signed_commits          = var.signed
  required_linear_history         = true
  require_conversation_resolution = true
  required_pull_request_reviews {
    required_approving_review_count = 2
    dismiss_stale_reviews           = true
    require_code_owner_reviews      = true
    restrict_dismissals             = true
  }
  required_status_checks { strict = true }
  restrict_pushes {}
}
]] },
  },
}
