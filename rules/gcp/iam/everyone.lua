local gcp = lib "gcp"

return rule {
  id = "GCP-IAM-005", title = "Policy names everyone",
  severity = "critical", category = "least-privilege",
  aliases = { "CKV_GCP_113" },
  frameworks = { "CIS-GCP-3.0:7.1", "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = "gcp.iam.binding",
  description = [[allUsers is the whole internet, allAuthenticatedUsers is whoever has a Google account.]],
  remediation = [[Name the identities that need the role.]],
  references = { "https://cloud.google.com/iam/docs/principals-overview" },
  check = function(e)
    return gcp.each_member(e, function(member, binding)
      if gcp.everyone(member) then return fail(member .. " has " .. (binding.role or "a role")) end
    end)
  end,
  tests = {
    fail = { assets [[
[{"name": "//cloudresourcemanager.googleapis.com/projects/123", "assetType": "cloudresourcemanager.googleapis.com/Project",
  "iamPolicy": {"bindings": [{"role": "roles/viewer", "members": ["allUsers"]}]}}]
]], [[
resource "google_project_iam_member" "fire" {
  role   = "roles/viewer"
  member = "allUsers"
}]], [[
data "google_iam_policy" "p" {
  binding {
    role    = "roles/viewer"
    members = ["allAuthenticatedUsers"]
  }
}
resource "google_project_iam_policy" "fire" {
  project     = "p"
  policy_data = data.google_iam_policy.p.policy_data
}]] },
    pass = { assets [[
[{"name": "//cloudresourcemanager.googleapis.com/projects/123", "assetType": "cloudresourcemanager.googleapis.com/Project",
  "iamPolicy": {"bindings": [{"role": "roles/viewer", "members": ["group:staff@example.com"]}]}}]
]], [[
resource "google_project_iam_member" "dont_fire" {
  role   = "roles/viewer"
  member = "user:a@example.com"
}]] },
    unknown = { [[
variable "m" {}
resource "google_project_iam_member" "a" {
  role   = "roles/viewer"
  member = var.m
}]] },
  },
}
