return rule {
  id = "GCP-GCS-005", title = "Bucket is not versioned",
  severity = "medium", category = "resilience",
  aliases = { "CKV_GCP_78", "AVD-GCP-0078" },
  frameworks = { "NIST-800-53r5:CP-9", "SOC2:A1.2", "ISO27001-2022:A.8.13" },
  for_each = "gcp.storage.bucket",
  description = [[With versions, an object that is overwritten or deleted by mistake can be brought back.]],
  remediation = [[Add a block `versioning` with `enabled = true`.]],
  references = { "https://cloud.google.com/storage/docs/object-versioning" },
  check = function(e)
    if not e.versioning.enabled then
      return fail("bucket " .. e.name .. " keeps no old versions of objects", { at = "versioning.enabled" })
    end
  end,
  fix = set("versioning.enabled", true),
  tests = {
    fail = { live [[
[{"type": "gcp:storage:bucket", "id": "fire", "name": "fire",
  "body": {"name": "fire"}}]
]], [[resource "google_storage_bucket" "fire" { name = "b" }]] },
    pass = { live [[
[{"type": "gcp:storage:bucket", "id": "dont_fire", "name": "dont_fire",
  "body": {"name": "dont_fire", "versioning": {"enabled": true}}}]
]], [[
resource "google_storage_bucket" "dont_fire" {
  versioning { enabled = true }
}]] },
    unknown = { [[
variable "v" { type = bool }
resource "google_storage_bucket" "a" {
  versioning { enabled = var.v }
}]] },
  },
}
