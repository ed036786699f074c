local gcp = lib "gcp"

return rule {
  id = "GCP-IAM-002", title = "Service account has an administrative role",
  severity = "high", category = "least-privilege",
  aliases = { "CKV_GCP_42", "AVD-GCP-0007" },
  frameworks = { "CIS-GCP-3.0:1.5", "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = "gcp.iam.binding",
  where = function(e) return starts(e.type, "google_project_") end,
  description = [[A workload with an administrative role hands the project to whoever takes it over.]],
  remediation = [[Grant the service account the few permissions that its work needs.]],
  references = { "https://cloud.google.com/iam/docs/best-practices-service-accounts" },
  check = function(e)
    return gcp.each_member(e, function(member, binding, account)
      if account ~= nil and account.kind == "gcp.iam.service_account" and match(binding.role, "(?:[Aa]dmin|editor|owner)") then
        return fail("service account " .. account.name .. " has the administrative role " .. binding.role)
      end
      if member ~= nil and match(member, "@[a-z0-9.:-]+\\.iam\\.gserviceaccount\\.com$") and match(binding.role, "(?:[Aa]dmin|editor|owner)") then
        return fail(member .. " has the administrative role " .. binding.role)
      end
    end)
  end,
  tests = {
    fail = { assets [[
[{"name": "//cloudresourcemanager.googleapis.com/projects/123", "assetType": "cloudresourcemanager.googleapis.com/Project",
  "iamPolicy": {"bindings": [{"role": "roles/compute.admin", "members": ["serviceAccount:worker@shop.iam.gserviceaccount.com"]}]}}]
]], [[
resource "google_service_account" "s" { account_id = "worker" }
resource "google_project_iam_member" "fire" {
  role   = "roles/compute.admin"
  member = "serviceAccount:${google_service_account.s.email}"
}]], [[
resource "google_project_iam_member" "fire" {
  role   = "roles/compute.admin"
  member = "serviceAccount:x@p.iam.gserviceaccount.com"
}]] },
    pass = { assets [[
[{"name": "//cloudresourcemanager.googleapis.com/projects/123", "assetType": "cloudresourcemanager.googleapis.com/Project",
  "iamPolicy": {"bindings": [{"role": "roles/compute.viewer", "members": ["serviceAccount:worker@shop.iam.gserviceaccount.com"]}]}}]
]], [[
resource "google_service_account" "s" { account_id = "worker" }
resource "google_project_iam_member" "dont_fire" {
  role   = "roles/storage.objectViewer"
  member = google_service_account.s.member
}]], [[
resource "google_project_iam_member" "dont_fire" {
  role   = "roles/storage.objectViewer"
  member = "serviceAccount:x@p.iam.gserviceaccount.com"
}]], [[
resource "google_project_iam_member" "dont_fire" {
  role   = "roles/compute.admin"
  member = "group:g@example.com"
}]] },
    unknown = { [[
variable "m" {}
resource "google_project_iam_member" "a" {
  role   = "roles/compute.admin"
  member = var.m
}]] },
  },
}
