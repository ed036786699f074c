return rule {
  id = "GCP-IAM-007", title = "Service account key is created by users",
  severity = "medium", category = "secrets",
  version = 2, changes = { "keys that Google makes and rotates itself pass" },
  aliases = { "CKV2_GCP_3" },
  frameworks = {
    "CIS-GCP-3.0:1.7", "CIS-GCP-3.0:1.4", "NIST-800-53r5:IA-5", "PCI-DSS-4.0:8.6.2", "SOC2:CC6.1",
    "ISO27001-2022:A.5.17"
  },
  for_each = { "gcp.iam.service_account_key", "gcp.iam.service_account" },
  description = [[A key is a password that does not expire and is copied with the state.]],
  remediation = [[Use the identity of the workload, federation or impersonation instead.]],
  references = { "https://cloud.google.com/iam/docs/best-practices-for-managing-service-account-keys" },
  -- Checkov flags only keys whose public part is given; the private part of the others lies in the state.
  check = function(e)
    -- Google makes and rotates keys of its own for every account.
    if e.kind == "gcp.iam.service_account" or (e.origin == "live" and e.managed_by == "SYSTEM_MANAGED") then return end
    return fail("key " .. e.name .. " of a service account is managed by users")
  end,
  tests = {
    fail = { assets [[
[{"name": "//iam.googleapis.com/projects/shop/serviceAccounts/worker@shop.iam.gserviceaccount.com/keys/fire", "assetType": "iam.googleapis.com/ServiceAccountKey",
  "resource": {"data": {"name": "projects/shop/serviceAccounts/worker@shop.iam.gserviceaccount.com/keys/fire",
    "keyType": "USER_MANAGED",
    "keyOrigin": "GOOGLE_PROVIDED",
    "keyAlgorithm": "KEY_ALG_RSA_2048",
    "validAfterTime": "2026-01-02T00:00:00Z"}}}]
]], [[resource "google_service_account_key" "fire" { service_account_id = "x" }]] },
    pass = { assets [[
[{"name": "//iam.googleapis.com/projects/shop/serviceAccounts/worker@shop.iam.gserviceaccount.com/keys/dont-fire", "assetType": "iam.googleapis.com/ServiceAccountKey",
  "resource": {"data": {"name": "projects/shop/serviceAccounts/worker@shop.iam.gserviceaccount.com/keys/dont-fire",
    "keyType": "SYSTEM_MANAGED",
    "keyOrigin": "GOOGLE_PROVIDED",
    "keyAlgorithm": "KEY_ALG_RSA_2048",
    "validAfterTime": "2026-01-02T00:00:00Z"}}}]
]], [[resource "google_service_account" "dont_fire" { account_id = "x" }]] },
    unknown = { live [[
[{"type": "gcp:iam:serviceaccountkey", "id": "a", "name": "a", "body": {"name": "projects/shop/serviceAccounts/s/keys/a"},
  "unknown": {"keyType": "the keys could not be listed"}}]
]] },
  },
}
