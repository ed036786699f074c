local gcp = lib "gcp"

-- Predefined roles with iam.serviceAccounts.actAs, getAccessToken, signJwt, setIamPolicy or keys.create.
local roles = {}
for _, name in ipairs { "owner", "editor", "iam.securityAdmin", "iam.serviceAccountAdmin", "iam.serviceAccountKeyAdmin",
  "iam.serviceAccountUser", "iam.serviceAccountTokenCreator", "iam.serviceAccountOpenIdTokenCreator", "iam.workloadIdentityUser",
  "dataflow.admin", "dataflow.developer", "deploymentmanager.editor", "cloudbuild.builds.editor", "cloudbuild.builds.builder",
  "composer.worker", "run.sourceDeveloper", "assuredoss.admin", "securitycenter.admin", "backupdr.computeEngineOperator",
  "dataproc.hubAgent" } do
  roles["roles/" .. name] = true
end

-- Agents of Google's services, which have to have the role of their service:
-- https://cloud.google.com/iam/docs/service-agents
local function is_agent(member)
  return match(member, "^serviceAccount:(?:service-[0-9]+@[a-z0-9-]+\\.iam\\.gserviceaccount\\.com|"
    .. "[0-9]+@(?:cloudservices|cloudbuild)\\.gserviceaccount\\.com)$") ~= nil
end

return rule {
  id = "GCP-IAM-004", title = "Service accounts can be impersonated from above",
  severity = "high", category = "least-privilege",
  aliases = {
    CKV_GCP_41 = "user", CKV_GCP_49 = { "user", "project" }, CKV_GCP_44 = "folder", CKV_GCP_45 = "organization",
    ["AVD-GCP-0005"] = "folder", ["AVD-GCP-0009"] = "organization", ["AVD-GCP-0011"] = "user",
  },
  frameworks = {
    "CIS-GCP-3.0:1.8", "CIS-GCP-3.0:1.6", "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3",
    "ISO27001-2022:A.5.15"
  },
  for_each = "gcp.iam.binding",
  description = [[Who may act as every service account of a project, folder or organisation has whatever any of them has.]],
  remediation = [[Grant the role on the single service account that is needed (`google_service_account_iam_member`).]],
  references = { "https://cloud.google.com/iam/docs/service-account-permissions" },
  -- A service agent that gets the role made for it is how Google's services work; the other checkers flag it.
  check = function(e)
    return each(gcp.bindings(e), function(binding)
      if gcp.grants_nobody(e, binding) then return end
      local role = binding.role
      local agents = role ~= nil and match(role, "(?:\\.serviceAgent|^roles/cloudbuild\\.builds\\.builder)$") ~= nil
      if role == nil or not (roles[role] or agents) then return end
      local level = gcp.level(e)
      local one = one_of(role, "roles/iam.serviceAccountUser", "roles/iam.serviceAccountTokenCreator")
      local case = level == "project" and one and "user" or level
      local function failure() return fail("the role " .. role .. " is granted on " .. gcp.level_text(level), { case = case, at = binding }) end
      if not agents then return failure() end
      if known(binding.member) and binding.member ~= nil then
        if not is_agent(binding.member) then return failure() end
        return
      end
      return each(items(binding.members or binding.member), function(member)
        if not is_agent(member) then return failure() end
      end)
    end)
  end,
  tests = {
    fail = { assets [[
[{"name": "//cloudresourcemanager.googleapis.com/projects/123", "assetType": "cloudresourcemanager.googleapis.com/Project",
  "iamPolicy": {"bindings": [{"role": "roles/iam.serviceAccountTokenCreator", "members": ["group:developers@example.com"]}]}}]
]], [[
resource "google_project_iam_member" "fire" {
  project = "p"
  role    = "roles/iam.serviceAccountUser"
  member  = "user:a@example.com"
}]], [[
resource "google_folder_iam_binding" "fire" {
  folder  = "folders/1"
  role    = "roles/iam.serviceAccountTokenCreator"
  members = ["group:admins@example.com"]
}]] },
    pass = { assets [[
[{"name": "//cloudresourcemanager.googleapis.com/projects/123", "assetType": "cloudresourcemanager.googleapis.com/Project",
  "iamPolicy": {"bindings": [{"role": "roles/container.serviceAgent",
        "members": ["serviceAccount:service-123456@container-engine-robot.iam.gserviceaccount.com"]}]}}]
]], [[
resource "google_project_iam_member" "dont_fire" {
  project = "p"
  role    = "roles/container.serviceAgent"
  member  = "serviceAccount:service-123456@container-engine-robot.iam.gserviceaccount.com"
}]], [[
resource "google_project_iam_member" "dont_fire" {
  project = "p"
  role    = "roles/storage.objectViewer"
  member  = "user:a@example.com"
}]] },
    unknown = { [[
variable "role" {}
resource "google_project_iam_member" "a" {
  project = "p"
  role    = var.role
  member  = "user:a@example.com"
}]] },
  },
}
