local gcp, secrets = lib "gcp", lib "secrets"

return rule {
  id = "GCP-SM-002", title = "Secret is open to everyone or its value is in code",
  severity = "critical", category = "secrets",
  frameworks = { "NIST-800-53r5:IA-5", "PCI-DSS-4.0:8.6.2", "SOC2:CC6.1", "ISO27001-2022:A.5.17" },
  for_each = { "gcp.secret.binding", "gcp.secret.version" },
  description = [[A value in code is known to everyone who reads the repository, and stands in its history for ever.]],
  remediation = [[Name the identities that need the secret; generate its value, or write it with `secret_data_wo` from outside.]],
  references = { "https://cloud.google.com/secret-manager/docs/best-practices" },
  check = function(e)
    if e.kind == "gcp.secret.binding" then return gcp.judge_everyone(e, "the secret", "binding") end
    -- What another resource computes is not written in code.
    if not known(e.raw.secret_data) and #e:targets(e.raw.secret_data) > 0 then return end
    if e.raw.secret_data == nil or secrets.is_placeholder(e.raw.secret_data) then return end
    return fail("the value of secret version " .. e.name .. " is written in code", { case = "value", at = e })
  end,
  tests = {
    fail = { assets [[
[{"name": "//secretmanager.googleapis.com/projects/shop/secrets/s", "assetType": "secretmanager.googleapis.com/Secret",
  "iamPolicy": {"bindings": [{"role": "roles/secretmanager.secretAccessor", "members": ["allUsers"]}]}}]
]], [[
resource "google_secret_manager_secret_version" "fire" {
  secret      = "s"
  secret_data = "hunter2"
}]], [[
resource "google_secret_manager_secret_iam_member" "fire" {
  secret_id = "s"
  role      = "roles/secretmanager.secretAccessor"
  member    = "allUsers"
}]] },
    pass = { assets [[
[{"name": "//secretmanager.googleapis.com/projects/shop/secrets/s", "assetType": "secretmanager.googleapis.com/Secret",
  "iamPolicy": {"bindings": [{"role": "roles/secretmanager.secretAccessor",
        "members": ["serviceAccount:app@shop.iam.gserviceaccount.com"]}]}}]
]], [[
resource "random_password" "p" { length = 32 }
resource "google_secret_manager_secret_version" "dont_fire" {
  secret      = "s"
  secret_data = random_password.p.result
}]], [[
resource "google_secret_manager_secret_iam_binding" "dont_fire" {
  secret_id = "s"
  role      = "roles/secretmanager.secretAccessor"
  members   = ["serviceAccount:app@p.iam.gserviceaccount.com"]
}]] },
    unknown = { [[
variable "value" { sensitive = true }
resource "google_secret_manager_secret_version" "a" {
  secret      = "s"
  secret_data = var.value
}]] },
  },
}
