local gcp = lib "gcp"

return rule {
  id = "GCP-FN-001", title = "Function may be invoked by anyone",
  severity = "high", category = "least-privilege",
  aliases = { "CKV_GCP_107" },
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = "gcp.function.binding",
  description = [[Whoever finds the address runs the function, at your cost and with its service account's rights.]],
  remediation = [[Grant the invoker role to the identities that call the function.]],
  references = { "https://cloud.google.com/functions/docs/securing/managing-access-iam" },
  -- Checkov accepts allAuthenticatedUsers; that is whoever has a Google account.
  check = function(e) return gcp.judge_everyone(e, "the function") end,
  tests = {
    fail = { assets [[
[{"name": "//cloudfunctions.googleapis.com/projects/shop/locations/europe-west3/functions/f", "assetType": "cloudfunctions.googleapis.com/Function",
  "iamPolicy": {"bindings": [{"role": "roles/cloudfunctions.invoker", "members": ["allUsers"]}]}}]
]], [[
resource "google_cloudfunctions_function_iam_member" "fire" {
  cloud_function = "f"
  role           = "roles/cloudfunctions.invoker"
  member         = "allUsers"
}]], [[
resource "google_cloudfunctions2_function_iam_binding" "fire" {
  cloud_function = "f"
  role           = "roles/viewer"
  members        = ["allAuthenticatedUsers"]
}]] },
    pass = { assets [[
[{"name": "//cloudfunctions.googleapis.com/projects/shop/locations/europe-west3/functions/f", "assetType": "cloudfunctions.googleapis.com/Function",
  "iamPolicy": {"bindings": [{"role": "roles/cloudfunctions.invoker", "members": ["serviceAccount:caller@shop.iam.gserviceaccount.com"]}]}}]
]], [[
resource "google_cloudfunctions_function_iam_member" "dont_fire" {
  cloud_function = "f"
  role           = "roles/cloudfunctions.invoker"
  member         = "serviceAccount:caller@p.iam.gserviceaccount.com"
}]] },
    unknown = { [[
variable "who" {}
resource "google_cloudfunctions_function_iam_member" "a" {
  cloud_function = "f"
  role           = "roles/cloudfunctions.invoker"
  member         = var.who
}]] },
  },
}
