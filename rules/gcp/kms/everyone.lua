local gcp = lib "gcp"

return rule {
  id = "GCP-KMS-002", title = "Key or key ring is open to everyone",
  severity = "critical", category = "least-privilege",
  aliases = { CKV_GCP_112 = "binding", CKV2_GCP_6 = "key", CKV2_GCP_8 = "ring" },
  frameworks = {
    "CIS-GCP-3.0:1.11", "CIS-GCP-3.0:1.9", "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3",
    "ISO27001-2022:A.5.15"
  },
  for_each = { "gcp.kms.binding", "gcp.kms.key", "gcp.kms.ring" },
  description = [[Whoever may use a key reads what it protects, or signs in its owner's name.]],
  remediation = [[Name the identities that need the role.]],
  references = { "https://cloud.google.com/kms/docs/iam" },
  -- A key and a ring are judged by their bindings, and a binding by itself, as the other checkers do; that of a ring of the scan
  -- is left to the ring.
  check = function(e)
    if e.kind == "gcp.kms.binding" then
      if starts(e.type, "google_kms_crypto_key_") then return gcp.judge_everyone(e, "the key", "binding") end
      if #e:targets(e.raw.key_ring_id) > 0 then return end
      return gcp.judge_everyone(e, "the key ring", "ring")
    end
    return gcp.judge_bindings(e, "gcp.kms.binding", e.kind == "gcp.kms.key" and "key" or "ring")
  end,
  tests = {
    fail = { assets [[
[{"name": "//cloudkms.googleapis.com/projects/shop/locations/eu/keyRings/r/cryptoKeys/k", "assetType": "cloudkms.googleapis.com/CryptoKey",
  "iamPolicy": {"bindings": [{"role": "roles/cloudkms.cryptoKeyDecrypter", "members": ["allAuthenticatedUsers"]}]}}]
]], [[
resource "google_kms_key_ring" "fire" {
  name     = "r"
  location = "global"
}
resource "google_kms_key_ring_iam_member" "m" {
  key_ring_id = google_kms_key_ring.fire.id
  role        = "roles/cloudkms.viewer"
  member      = "allUsers"
}]], [[
resource "google_kms_crypto_key_iam_member" "fire" {
  crypto_key_id = "k"
  role          = "roles/cloudkms.cryptoKeyDecrypter"
  member        = "allAuthenticatedUsers"
}]], [[
resource "google_kms_key_ring_iam_binding" "fire" {
  key_ring_id = "r"
  role        = "roles/cloudkms.cryptoKeyEncrypter"
  members     = ["allUsers"]
}]] },
    pass = { assets [[
[{"name": "//cloudkms.googleapis.com/projects/shop/locations/eu/keyRings/r/cryptoKeys/k", "assetType": "cloudkms.googleapis.com/CryptoKey",
  "iamPolicy": {"bindings": [{"role": "roles/cloudkms.cryptoKeyDecrypter", "members": ["serviceAccount:app@shop.iam.gserviceaccount.com"]}]}}]
]], [[
resource "google_kms_key_ring" "dont_fire" {
  name     = "r"
  location = "global"
}
resource "google_kms_key_ring_iam_member" "dont_fire" {
  key_ring_id = google_kms_key_ring.dont_fire.id
  role        = "roles/cloudkms.viewer"
  member      = "group:auditors@example.com"
}]], [[
resource "google_kms_crypto_key_iam_binding" "dont_fire" {
  crypto_key_id = "k"
  role          = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
  members       = ["serviceAccount:app@p.iam.gserviceaccount.com"]
}]] },
    unknown = { [[
variable "who" {}
resource "google_kms_crypto_key_iam_member" "a" {
  crypto_key_id = "k"
  role          = "roles/cloudkms.cryptoKeyDecrypter"
  member        = var.who
}]] },
  },
}
