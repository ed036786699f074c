-- GitHub and GitLab as Terraform sets them up.

entity "github.repository" {
  doc = "A repository of GitHub.",
  terraform = { "github_repository" },
  live = { "github:repos" },
  id = { "name", "full_name", "node_id" },
  fields = {
    name = { string, "name" },
    visibility = { string, "visibility" },
    private = { bool, "private" },
    archived = { bool, "archived", default = false },
    vulnerability_alerts = { bool, "vulnerability_alerts" },
  },
}

entity "github.branch_protection" {
  doc = "Protection of the branches that a pattern names.",
  terraform = { "github_branch_protection", "github_branch_protection_v3" },
  live = { "github:branches" },
  id = { "name" },
  fields = {
    pattern = { string, tf = { "pattern", "branch" }, live = "name" },
    reviews = { bool, tf = "required_pull_request_reviews ?", live = "required_pull_request_reviews ?", default = false },
    approvals = { number, tf = "required_pull_request_reviews.required_approving_review_count",
                  live = "required_pull_request_reviews.required_approving_review_count", doc = "1 where reviews are asked for without a number" },
    dismisses_stale = { bool, tf = "required_pull_request_reviews.dismiss_stale_reviews",
                        live = "required_pull_request_reviews.dismiss_stale_reviews", default = false },
    code_owners = { bool, tf = "required_pull_request_reviews.require_code_owner_reviews",
                    live = "required_pull_request_reviews.require_code_owner_reviews", default = false },
    dismissal_restricted = { bool, default = false,
      tf = { "required_pull_request_reviews.restrict_dismissals", "required_pull_request_reviews.dismissal_restrictions ?",
             "required_pull_request_reviews.dismissal_users ?", "required_pull_request_reviews.dismissal_teams ?" },
      live = "required_pull_request_reviews.dismissal_restrictions ?" },
    signed = { bool, tf = "require_signed_commits", live = "required_signatures.enabled", default = false },
    admins = { bool, tf = "enforce_admins", live = "enforce_admins.enabled", default = false, doc = "Administrators are bound too." },
    force_pushes = { bool, tf = "allows_force_pushes", live = "allow_force_pushes.enabled", default = false },
    deletions = { bool, tf = "allows_deletions", live = "allow_deletions.enabled", default = false },
    checks = { bool, tf = "required_status_checks ?", live = "required_status_checks ?", default = false },
    strict = { bool, tf = "required_status_checks.strict", live = "required_status_checks.strict", default = false,
               doc = "The branch must be up to date." },
    linear = { bool, tf = "required_linear_history", live = "required_linear_history.enabled", default = false },
    conversations = { bool, tf = "require_conversation_resolution", live = "required_conversation_resolution.enabled", default = false },
    pushers = { bool, tf = { "restrict_pushes ?", "push_restrictions ?", "restrictions ?" }, live = "restrictions ?", default = false,
                doc = "Only some may push." },
  },
  edges = { { "attached_to", tf = { "repository_id", "repository" } } },
}

entity "github.ruleset" {
  doc = "A ruleset of a repository.",
  terraform = { "github_repository_ruleset" },
  fields = {
    enforcement = { string, tf = "enforcement" },
    target = { string, tf = "target" },
    reviews = { bool, tf = "rules.pull_request ?", default = false },
    approvals = { number, tf = "rules.pull_request.required_approving_review_count", default = 0 },
    dismisses_stale = { bool, tf = "rules.pull_request.dismiss_stale_reviews_on_push", default = false },
    code_owners = { bool, tf = "rules.pull_request.require_code_owner_review", default = false },
    conversations = { bool, tf = "rules.pull_request.required_review_thread_resolution", default = false },
    signed = { bool, tf = "rules.required_signatures", default = false },
    blocks_force_pushes = { bool, tf = "rules.non_fast_forward", default = false },
    blocks_deletion = { bool, tf = "rules.deletion", default = false },
    linear = { bool, tf = "rules.required_linear_history", default = false },
    checks = { bool, tf = "rules.required_status_checks ?", default = false },
    bypass = { list, tf = "bypass_actors" },
  },
  edges = { { "attached_to", tf = "repository" } },
}

entity "github.environment" {
  doc = "An environment to which jobs deploy.",
  terraform = { "github_repository_environment" },
  fields = {
    name = { string, tf = "environment" },
    reviewers = { list, tf = "reviewers" },
    branch_policy = { map, tf = "deployment_branch_policy" },
  },
}

entity "github.runner_group" {
  doc = "A group of self-hosted runners.",
  terraform = { "github_actions_runner_group" },
  fields = { name = { string, tf = "name" }, public = { bool, tf = "allows_public_repositories", default = false } },
}

entity "github.organization" {
  doc = "Settings of an organisation.",
  terraform = { "github_organization_settings" },
  live = { "github:orgs" },
  fields = {
    base_permission = { string, tf = "default_repository_permission", live = "default_repository_permission", default = "read" },
    creates_public = { bool, tf = "members_can_create_public_repositories", live = "members_can_create_public_repositories", default = true },
    creates_private = { bool, tf = "members_can_create_private_repositories", live = "members_can_create_private_repositories", default = true },
    creates_internal = { bool, tf = "members_can_create_internal_repositories", live = "members_can_create_internal_repositories" },
    two_factor = { bool, live = "two_factor_requirement_enabled" },
  },
}

entity "github.webhook" {
  doc = "A webhook of a repository or organisation.",
  terraform = { "github_repository_webhook", "github_organization_webhook" },
  fields = {
    url = { string, tf = "configuration.url" },
    insecure = { bool, tf = "configuration.insecure_ssl", default = false },
  },
}

entity "github.secret" {
  doc = "A secret for workflows.",
  terraform = { "github_actions_secret", "github_actions_environment_secret", "github_actions_organization_secret" },
  fields = { name = { string, tf = "secret_name" }, plaintext = { string, tf = "plaintext_value" } },
}

entity "gitlab.project" {
  doc = "A project of GitLab.",
  terraform = { "gitlab_project" },
  id = { "name", "path_with_namespace" },
  fields = {
    name = { string, tf = "name" },
    visibility = { string, tf = { "visibility_level", "visibility" }, default = "private" },
    approvals = { number, tf = "approvals_before_merge", default = 0 },
    push_rules = { map, tf = "push_rules" },
  },
}

entity "gitlab.branch_protection" {
  doc = "Protection of a branch of GitLab.",
  terraform = { "gitlab_branch_protection" },
  fields = {
    project = { any, tf = "project" },
    branch = { string, tf = "branch" },
    force_push = { bool, tf = "allow_force_push", default = false },
    code_owners = { bool, tf = "code_owner_approval_required" },
  },
}
