local values = lib "values"

return rule {
  id = "GCP-GCS-004", title = "Bucket is not encrypted with a customer managed key",
  severity = "medium", category = "encryption",
  aliases = { "AVD-GCP-0066" },
  frameworks = { "NIST-800-53r5:SC-28", "PCI-DSS-4.0:3.5.1", "SOC2:CC6.1", "ISO27001-2022:A.8.24" },
  for_each = "gcp.storage.bucket",
  classes = { public = "none", internal = "low", regulated = "high" },
  description = [[With a key of one's own, access to the data also needs a right on the key, and the key can be withdrawn.]],
  remediation = [[Set `default_kms_key_name` in an `encryption` block.]],
  references = { "https://cloud.google.com/storage/docs/encryption/customer-managed-keys" },
  check = function(e)
    if not values.set(e, e.encryption, "key") then
      return fail("bucket " .. e.name .. " has no key of its own")
    end
  end,
  tests = {
    fail = { live [[
[{"type": "gcp:storage:bucket", "id": "fire", "name": "fire",
  "body": {"name": "fire"}}]
]], [[resource "google_storage_bucket" "fire" { name = "b" }]] },
    pass = { live [[
[{"type": "gcp:storage:bucket", "id": "dont_fire", "name": "dont_fire",
  "body": {"name": "dont_fire", "encryption": {"defaultKmsKeyName": "projects/p/locations/l/keyRings/r/cryptoKeys/k"}}}]
]], [[
resource "google_kms_crypto_key" "k" {}
resource "google_storage_bucket" "dont_fire" {
  encryption { default_kms_key_name = google_kms_crypto_key.k.id }
}]] },
    unknown = { [[
variable "k" {}
resource "google_storage_bucket" "a" {
  encryption { default_kms_key_name = var.k }
}]] },
  },
}
