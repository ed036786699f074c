local MAX_ADMINS = 3

local function judge_repository(e)
  local failures = {}
  local closed = e.private == true or e.visibility == "private" or e.visibility == "internal"
  if not closed then
    failures[1] = fail("the repository " .. e.name .. " is public" .. (e.visibility == nil and ", which is the default" or ""),
      { at = "visibility", case = "public" })
  end
  if not e.archived then
    local alerts = e.raw.vulnerability_alerts
    for _, other in ipairs(graph.of_type("github_repository_vulnerability_alerts")) do
      if other:targets(other.raw.repository)[1] == e or other.raw.repository == e.name then alerts = other.raw.enabled ~= false end
    end
    if alerts == false or (alerts == nil and closed) then -- public repositories have them by default
      failures[#failures + 1] = fail("the repository " .. e.name .. " gets no alerts about vulnerable dependencies",
        { at = "vulnerability_alerts", case = "alerts" })
    end
  end
  return failures
end

-- Members of the answer that only some calls bring: what is not there was not asked.
local function judge_login(e)
  local failures = {}
  if has(keys(e.raw), "samlIdentityProvider") and e.raw.samlIdentityProvider == nil then
    failures[1] = fail("members of " .. e.name .. " log in without the identity provider of the organisation", { at = e, case = "single-sign-on" })
  end
  local setting = e.raw.ipAllowListForInstalledAppsEnabledSetting or e.raw.ipAllowListEnabledSetting
  if setting ~= nil and setting ~= "ENABLED" then
    failures[#failures + 1] = fail(e.name .. " can be reached from every address", { at = e, case = "ip-allow-list", severity = "low" })
  end
  return failures
end

local function judge_admins(e)
  local admins = e.raw.admins
  if admins ~= nil and #admins > MAX_ADMINS then
    return fail(e.name .. " has " .. #admins .. " owners: each can change everything", { at = e, case = "administrators", severity = "low" })
  end
end

local function judge_collaborators(e)
  local collaborators = e.raw.collaborators
  if collaborators == nil then return end
  local admins = 0
  for _, one in ipairs(collaborators) do
    if one.permissions ~= nil and one.permissions.admin == true then admins = admins + 1 end
  end
  if admins < 2 then
    return fail("the repository " .. e.name .. " has " .. admins .. " administrators: nobody can step in",
      { at = e, case = "repository-administrators", severity = "low" })
  end
end

local function judge_organisation(e)
  local failures = {}
  if e.base_permission == "write" or e.base_permission == "admin" then
    failures[1] = fail("every member of " .. e.name .. " has the permission '" .. e.base_permission .. "' on every repository",
      { at = "base_permission", case = "base-permission" })
  end
  for _, sort in ipairs { "public", "private", "internal" } do
    if e["creates_" .. sort] == true then
      failures[#failures + 1] = fail("every member of " .. e.name .. " may create " .. sort .. " repositories",
        { at = "creates_" .. sort, case = "creates-" .. sort, severity = sort ~= "public" and "low" or nil })
    end
  end
  if e.origin == "live" then
    failures[#failures + 1] = judge_login(e)
    failures[#failures + 1] = judge_admins(e)
  end
  if known(e.two_factor) and e.two_factor == false then
    failures[#failures + 1] = fail("members of " .. e.name .. " need no second factor", { at = "two_factor", case = "two-factor", severity = "high" })
  end
  return failures
end

local function judge_webhook(e)
  local insecure = e.raw.configuration.insecure_ssl
  if insecure == true or tostring(insecure) == "1" or tostring(insecure) == "true" then
    return fail("the webhook " .. e.name .. " does not check the certificate", { at = "insecure", case = "webhook" })
  end
  if e.url ~= nil and starts(e.url, "http://") then
    return fail("the webhook " .. e.name .. " sends events to " .. e.url .. " in clear", { at = "url", case = "webhook" })
  end
end

local function judge_secret(e)
  if e.plaintext ~= nil and e.plaintext ~= "" then
    return fail("the secret " .. (e.name or "") .. " stands in clear in the code", { at = "plaintext", case = "plain-secret", severity = "high" })
  end
end
return rule {
  id = "CICD-020", title = "Organisation or repository settings are weak",
  severity = "medium", category = "least-privilege",
  aliases = { CKV_GIT_1 = "public", ["AVD-GIT-0001"] = "public", CKV_GIT_2 = "webhook", CKV_GITHUB_6 = "webhook", CKV_GITHUB_7 = "webhook",
    CKV_GIT_3 = "alerts", ["AVD-GIT-0002"] = "alerts", CKV_GIT_4 = "plain-secret", ["AVD-GIT-0003"] = "plain-secret",
      CKV_GLB_3 = "gitlab-secrets", CKV_GITHUB_27 = "base-permission", CKV_GITHUB_21 = "creates-public", CKV_GITHUB_22 = "creates-private",
        CKV_GITHUB_23 = "creates-internal", CKV_GITHUB_1 = "two-factor", CKV_GITHUB_2 = "single-sign-on", CKV_GITHUB_3 = "ip-allow-list",
          CKV_GITHUB_26 = "administrators", CKV_GITHUB_9 = "repository-administrators" },
  frameworks = { "NIST-800-53r5:IA-2", "PCI-DSS-4.0:8.3.1", "SOC2:CC6.1", "ISO27001-2022:A.8.5" },
  for_each = { "github.repository", "github.organization", "github.webhook", "github.secret", "gitlab.project" },
  description = [[Settings of the forge decide who can read and change everything that is built from it. Whether a repository should be public is for
its owners to say: suppress the finding with a reason, or set the parameter `public_repositories`.]],
  remediation = [[Set `visibility`, `vulnerability_alerts`, `default_repository_permission = "read"` or `"none"`, https for webhooks, and hand secrets
over as `encrypted_value` or from a variable.]],
  references = { "https://registry.terraform.io/providers/integrations/github/latest/docs/resources/repository" },
  check = function(e)
    if e.kind == "github.repository" then
      for _, name in ipairs(list(param("public_repositories"))) do
        if name == e.name and e.raw.vulnerability_alerts ~= false then return end
      end
      local failures = judge_repository(e)
      failures[#failures + 1] = judge_collaborators(e)
      return failures
    end
    if e.kind == "github.organization" then return judge_organisation(e) end
    if e.kind == "github.webhook" then return judge_webhook(e) end
    if e.kind == "github.secret" then return judge_secret(e) end
    if e.raw.push_rules == nil or e.raw.push_rules.prevent_secrets ~= true then
      return fail("the project " .. e.name .. " takes commits that hold secrets", { at = "push_rules", case = "gitlab-secrets" })
    end
  end,
  tests = {
    fail = { [[
resource "github_repository" "fire" { name = "api" }
resource "github_actions_secret" "fire" {
  repository      = "api"
  secret_name     = "KEY"
  plaintext_value = "s3cr3ts3cr3t"
}
resource "github_repository_webhook" "fire" {
  repository = "api"
  events     = ["push"]
  configuration {
    url          = "https://example.com"
    insecure_ssl = true
  }
}
resource "gitlab_project" "fire" { name = "api" }
resource "github_organization_settings" "fire" {
  billing_email                 = "a@example.com"
  default_repository_permission = "write"
}
]], live [[
[{"type": "github:orgs", "name": "fire", "body": {"login": "acme", "two_factor_requirement_enabled": false}}]
]], live [[
[{"type": "github:orgs", "name": "fire", "body": {"login": "acme", "two_factor_requirement_enabled": true, "samlIdentityProvider": null,
  "default_repository_permission": "read", "members_can_create_public_repositories": false, "members_can_create_private_repositories": false,
  "members_can_create_internal_repositories": false, "ipAllowListForInstalledAppsEnabledSetting": "DISABLED"}}]
]], live [[
[{"type": "github:repos", "name": "fire", "body": {"name": "api", "visibility": "private", "archived": false, "vulnerability_alerts": true,
  "collaborators": [{"login": "a", "permissions": {"admin": true}}]}}]
]] },
    pass = { [[
resource "github_repository" "dont_fire" {
  name                 = "api"
  visibility           = "private"
  vulnerability_alerts = true
}
resource "github_actions_secret" "dont_fire" {
  repository      = "api"
  secret_name     = "KEY"
  encrypted_value = "b64"
}
resource "gitlab_project" "dont_fire" {
  name = "api"
  push_rules { prevent_secrets = true }
}
]] },
    unknown = { [[
variable "key" {}
resource "github_actions_secret" "a" {
  repository      = "api"
  secret_name     = "KEY"
  plaintext_value = var.key
}
]] },
  },
}
