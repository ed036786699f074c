local gcp = lib "gcp"

return rule {
  id = "GCP-IAM-003", title = "Default service account receives roles",
  severity = "high", category = "least-privilege",
  aliases = {
    CKV_GCP_46 = "project", CKV_GCP_47 = "organization", CKV_GCP_48 = "folder", ["AVD-GCP-0004"] = "folder",
    ["AVD-GCP-0006"] = "project", ["AVD-GCP-0008"] = "organization",
  },
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = "gcp.iam.binding",
  description = [[Every machine that names no account runs as the default one, and gets these roles too.]],
  remediation = [[Grant the role to a service account made for the workload.]],
  references = { "https://cloud.google.com/iam/docs/service-account-types#default" },
  check = function(e)
    return gcp.each_member(e, function(member, _, account)
      if account ~= nil and account.kind == "gcp.iam.default_service_account" then
        return fail("a default service account gets a role", { case = gcp.level(e) })
      end
      if member ~= nil and gcp.default_account(member) then
        return fail(member .. " is a default service account and gets a role", { case = gcp.level(e) })
      end
    end)
  end,
  tests = {
    fail = { assets [[
[{"name": "//cloudresourcemanager.googleapis.com/projects/123", "assetType": "cloudresourcemanager.googleapis.com/Project",
  "iamPolicy": {"bindings": [{"role": "roles/storage.objectViewer",
        "members": ["serviceAccount:123456-compute@developer.gserviceaccount.com"]}]}}]
]], [[
resource "google_project_iam_member" "fire" {
  role   = "roles/viewer"
  member = "serviceAccount:123456-compute@developer.gserviceaccount.com"
}]] },
    pass = { assets [[
[{"name": "//cloudresourcemanager.googleapis.com/projects/123", "assetType": "cloudresourcemanager.googleapis.com/Project",
  "iamPolicy": {"bindings": [{"role": "roles/storage.objectViewer", "members": ["serviceAccount:worker@shop.iam.gserviceaccount.com"]}]}}]
]], [[
resource "google_service_account" "s" { account_id = "worker" }
resource "google_project_iam_member" "dont_fire" {
  role   = "roles/viewer"
  member = "serviceAccount:${google_service_account.s.email}"
}]], [[
resource "google_project_iam_member" "dont_fire" {
  role   = "roles/viewer"
  member = "serviceAccount:x@p.iam.gserviceaccount.com"
}]] },
    unknown = { [[
variable "m" {}
resource "google_project_iam_member" "a" {
  role   = "roles/viewer"
  member = var.m
}]] },
  },
}
