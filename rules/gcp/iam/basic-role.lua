local gcp = lib "gcp"

return rule {
  id = "GCP-IAM-001", title = "Basic role is granted",
  severity = "high", category = "least-privilege",
  aliases = { CKV_GCP_115 = "organization", CKV_GCP_116 = "folder", CKV_GCP_117 = "project" },
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = "gcp.iam.binding",
  description = [[Basic roles hold thousands of permissions in every service, also in those of tomorrow.]],
  remediation = [[Grant predefined or custom roles with what is needed.]],
  references = { "https://cloud.google.com/iam/docs/roles-overview#basic" },
  check = function(e)
    return each(gcp.bindings(e), function(binding)
      if gcp.grants_nobody(e, binding) then return end
      if one_of(binding.role, "roles/owner", "roles/editor", "roles/viewer") then
        return fail("the basic role " .. binding.role .. " is granted on " .. gcp.level_text(gcp.level(e)), { case = gcp.level(e) })
      end
    end)
  end,
  tests = {
    fail = { assets [[
[{"name": "//cloudresourcemanager.googleapis.com/projects/123", "assetType": "cloudresourcemanager.googleapis.com/Project",
  "iamPolicy": {"bindings": [{"role": "roles/editor", "members": ["user:a@example.com"]}]}}]
]], [[
resource "google_project_iam_member" "fire" {
  role   = "roles/editor"
  member = "user:a@example.com"
}]], [[
resource "google_organization_iam_member" "fire" {
  role   = "roles/owner"
  member = "user:a@example.com"
}]] },
    pass = { assets [[
[{"name": "//cloudresourcemanager.googleapis.com/projects/123", "assetType": "cloudresourcemanager.googleapis.com/Project",
  "iamPolicy": {"bindings": [{"role": "roles/storage.objectViewer", "members": ["user:a@example.com"]}]}}]
]], [[
resource "google_project_iam_binding" "dont_fire" {
  role    = "roles/editor"
  members = []
}]], [[
resource "google_project_iam_member" "dont_fire" {
  role   = "roles/storage.objectViewer"
  member = "user:a@example.com"
}]] },
    unknown = { [[
variable "r" {}
resource "google_project_iam_member" "a" {
  role   = var.r
  member = "user:a@example.com"
}]] },
  },
}
