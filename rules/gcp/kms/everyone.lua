local gcp = lib "gcp"

return rule {
  id = "GCP-KMS-002", title = "Key or key ring is open to everyone",
  severity = "critical", category = "least-privilege",
  aliases = { CKV_GCP_112 = "key", CKV2_GCP_6 = "key", CKV2_GCP_8 = "ring" },
  frameworks = { "CIS-GCP-3.0:1.9", "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = "gcp.kms.binding",
  description = [[Whoever may use a key reads what it protects, or signs in its owner's name.]],
  remediation = [[Name the identities that need the role.]],
  references = { "https://cloud.google.com/kms/docs/iam" },
  -- The graph checks of Checkov report the key or the ring; the place to change is the binding.
  check = function(e)
    if starts(e.type, "google_kms_crypto_key_") then return gcp.judge_everyone(e, "the key", "key") end
    return gcp.judge_everyone(e, "the key ring", "ring")
  end,
  tests = {
    fail = { [[
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
    pass = { [[
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
