local github = "https://token.actions.githubusercontent.com"

-- Claims of GitHub's tokens that anyone can choose in a repository of their own.
local chosen = "^['\"](?:workflow|environment|ref|context|head_ref|base_ref|\\*):"

-- Whether a condition names repositories or their owner: by a claim, or by an attribute that is mapped from one.
local function limited(e, condition)
  local sub = match(condition, "assertion\\.sub\\s*==\\s*(['\"][^'\"]*['\"])")
  if sub ~= nil then
    local text = type(sub) == "table" and sub[1] or sub
    return match(text, chosen) == nil and match(text, "^['\"]repo:[A-Za-z0-9_.-]+/[^*'\"]+") ~= nil
  end
  if match(condition, "(?:assertion\\.sub|google\\.subject)\\.startsWith\\(\\s*['\"]repo:[A-Za-z0-9_.-]+/") then return true end
  local claims = "repository|repository_id|repository_owner|repository_owner_id"
  if match(condition, "assertion\\.(?:" .. claims .. ")\\s*(?:==|in\\b)") then return true end
  if match(condition, "in\\s+assertion\\.") then return false end
  if e.mapping == nil then return false end
  for _, name in ipairs(keys(e.mapping)) do
    if known(e.mapping[name]) and e.mapping[name] ~= nil and match(e.mapping[name], "^assertion\\.(?:sub|" .. claims .. ")$")
      and match(condition, "(?:^|[^a-z_.])" .. string.gsub(name, "%.", "\\.") .. "\\s*(?:==|in\\b)") then
      return true
    end
  end
  return false
end

return rule {
  id = "GCP-IAM-008", title = "Workload identity pool trusts any outside token",
  severity = "critical", category = "least-privilege",
  aliases = { CKV_GCP_118 = "condition", ["AVD-GCP-0068"] = "condition", CKV_GCP_125 = "github" },
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = "gcp.iam.workload_identity_provider",
  description = [[An issuer that many share gives tokens to all of them: without a condition, every one of these gets into the pool.]],
  remediation = [[Set `attribute_condition`; for GitHub one that names the repository or its owner, such as
`assertion.repository_owner_id == "1234" && assertion.ref == "refs/heads/main"`.]],
  references = { "https://cloud.google.com/iam/docs/workload-identity-federation-with-deployment-pipelines#conditions" },
  -- Google recommends conditions on the owner or the repository; Checkov accepts only those on the subject.
  check = function(e)
    return each({ "condition", "github" }, function(case)
      if case == "condition" then
        if e.condition == nil or e.condition == "" then
          return fail("provider " .. e.name .. " has no condition: every token of the issuer is accepted",
            { case = case, at = "condition" })
        end
        return
      end
      if e.issuer ~= github then return end
      if e.condition == nil or e.condition == "" then
        return fail("provider " .. e.name .. " trusts every workflow on GitHub", { case = case, at = "condition" })
      end
      if not limited(e, e.condition) then
        return fail("the condition of provider " .. e.name .. " does not limit GitHub's repositories", { case = case, at = "condition" })
      end
    end)
  end,
  tests = {
    fail = { assets [[
[{"name": "//iam.googleapis.com/projects/123/locations/global/workloadIdentityPools/ci/providers/fire", "assetType": "iam.googleapis.com/WorkloadIdentityPoolProvider",
  "resource": {"data": {"name": "projects/123/locations/global/workloadIdentityPools/ci/providers/fire",
    "state": "ACTIVE",
    "attributeMapping": {"google.subject": "assertion.sub"},
    "oidc": {"issuerUri": "https://token.actions.githubusercontent.com"}}}}]
]], [[
resource "google_iam_workload_identity_pool_provider" "fire" {
  workload_identity_pool_id          = "p"
  workload_identity_pool_provider_id = "fire"
  oidc { issuer_uri = "https://gitlab.com" }
}]], [[
resource "google_iam_workload_identity_pool_provider" "fire" {
  workload_identity_pool_id          = "p"
  workload_identity_pool_provider_id = "fire"
  attribute_mapping                  = { "google.subject" = "assertion.sub" }
  attribute_condition                = "assertion.sub == 'environment:prod'"
  oidc { issuer_uri = "https://token.actions.githubusercontent.com" }
}]] },
    pass = { assets [[
[{"name": "//iam.googleapis.com/projects/123/locations/global/workloadIdentityPools/ci/providers/dont-fire", "assetType": "iam.googleapis.com/WorkloadIdentityPoolProvider",
  "resource": {"data": {"name": "projects/123/locations/global/workloadIdentityPools/ci/providers/dont-fire",
    "state": "ACTIVE",
    "attributeMapping": {"google.subject": "assertion.sub"},
    "oidc": {"issuerUri": "https://token.actions.githubusercontent.com"},
    "attributeCondition": "assertion.repository_owner_id == \"1234\""}}}]
]], [[
resource "google_iam_workload_identity_pool_provider" "dont_fire" {
  workload_identity_pool_id          = "p"
  workload_identity_pool_provider_id = "dont_fire"
  attribute_mapping                  = { "google.subject" = "assertion.sub" }
  attribute_condition                = "assertion.repository_owner_id == '1234' && assertion.ref == 'refs/heads/main'"
  oidc { issuer_uri = "https://token.actions.githubusercontent.com" }
}]], [[
resource "google_iam_workload_identity_pool_provider" "dont_fire" {
  workload_identity_pool_id          = "p"
  workload_identity_pool_provider_id = "dont_fire"
  attribute_mapping                  = { "google.subject" = "assertion.sub" }
  attribute_condition                = "assertion.sub == 'repo:acme/app:ref:refs/heads/main'"
  oidc { issuer_uri = "https://token.actions.githubusercontent.com" }
}]], [[
resource "google_iam_workload_identity_pool_provider" "dont_fire" {
  workload_identity_pool_id          = "p"
  workload_identity_pool_provider_id = "dont_fire"
  attribute_mapping                  = { "google.subject" = "assertion.sub", "attribute.repository" = "assertion.repository" }
  attribute_condition                = "attribute.repository == 'acme/app'"
  oidc { issuer_uri = "https://token.actions.githubusercontent.com" }
}]] },
    unknown = { [[
variable "condition" {}
resource "google_iam_workload_identity_pool_provider" "a" {
  workload_identity_pool_id          = "p"
  workload_identity_pool_provider_id = "a"
  attribute_condition                = var.condition
  oidc { issuer_uri = "https://gitlab.com" }
}]] },
  },
}
