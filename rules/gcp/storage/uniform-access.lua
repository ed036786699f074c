return rule {
  id = "GCP-GCS-003", title = "Access is not uniform across the bucket",
  severity = "medium", category = "least-privilege",
  aliases = { "CKV_GCP_29", "AVD-GCP-0002" },
  frameworks = { "CIS-GCP-3.0:5.2", "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = "gcp.storage.bucket",
  description = [[Without uniform access each object may have an access control list of its own, past the policy of the bucket.]],
  remediation = [[Set `uniform_bucket_level_access = true`.]],
  references = { "https://cloud.google.com/storage/docs/uniform-bucket-level-access" },
  check = function(e)
    if not e.uniform_access then
      return fail("objects of bucket " .. e.name .. " may have access control lists of their own", { at = "uniform_access" })
    end
  end,
  fix = set("uniform_access", true),
  tests = {
    fail = { live [[
[{"type": "gcp:storage:bucket", "id": "fire", "name": "fire",
  "body": {"name": "fire", "iamConfiguration": {"uniformBucketLevelAccess": {"enabled": false}}}}]
]], [[resource "google_storage_bucket" "fire" { name = "b" }]] },
    pass = { live [[
[{"type": "gcp:storage:bucket", "id": "dont_fire", "name": "dont_fire",
  "body": {"name": "dont_fire", "iamConfiguration": {"uniformBucketLevelAccess": {"enabled": true}}}}]
]], [[resource "google_storage_bucket" "dont_fire" { uniform_bucket_level_access = true }]] },
    unknown = { [[
variable "u" { type = bool }
resource "google_storage_bucket" "a" { uniform_bucket_level_access = var.u }]] },
  },
}
