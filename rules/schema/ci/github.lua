-- GitHub and GitLab as Terraform sets them up.

entity "github.repository" {
  doc = "A repository of GitHub.",
  terraform = { "github_repository" },
  id = { "name", "full_name", "node_id" },
  fields = {
    name = { string, tf = "name" },
    visibility = { string, tf = "visibility" },
    private = { bool, tf = "private" },
    archived = { bool, tf = "archived", default = false },
    vulnerability_alerts = { bool, tf = "vulnerability_alerts" },
  },
}

entity "github.branch_protection" {
  doc = "Protection of branches, or a ruleset for them.",
  terraform = { "github_branch_protection", "github_branch_protection_v3" },
  fields = {
    repository = { any, tf = { "repository_id", "repository" } },
    pattern = { string, tf = { "pattern", "branch" } },
    reviews = { map, tf = "required_pull_request_reviews" },
    signed = { bool, tf = "require_signed_commits", default = false },
    enforce_admins = { bool, tf = "enforce_admins", default = false },
    force_pushes = { bool, tf = "allows_force_pushes", default = false },
    deletions = { bool, tf = "allows_deletions", default = false },
    status_checks = { map, tf = "required_status_checks" },
    linear = { bool, tf = "required_linear_history", default = false },
    conversations = { bool, tf = { "require_conversation_resolution" }, default = false },
  },
  edges = { { "attached_to", tf = { "repository_id", "repository" } } },
}

entity "github.ruleset" {
  doc = "A ruleset of a repository.",
  terraform = { "github_repository_ruleset" },
  fields = {
    repository = { any, tf = "repository" },
    enforcement = { string, tf = "enforcement" },
    target = { string, tf = "target" },
    rules = { map, tf = "rules" },
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
  fields = { base_permission = { string, tf = "default_repository_permission", default = "read" } },
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
