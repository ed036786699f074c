return rule {
  id = "GCP-GCS-002", title = "Public access prevention is not enforced",
  severity = "medium", category = "network",
  aliases = { "CKV_GCP_114" },
  frameworks = { "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6", "ISO27001-2022:A.8.20" },
  for_each = "gcp.storage.bucket",
  classes = { public = "none", regulated = "high" },
  description = [[Public access prevention refuses every binding and access control list that would open the bucket, also later ones.]],
  remediation = [[Set `public_access_prevention = "enforced"`.]],
  references = { "https://cloud.google.com/storage/docs/public-access-prevention" },
  check = function(e)
    if e.public_access_prevention ~= "enforced" then
      return fail("bucket " .. e.name .. " does not enforce public access prevention", { at = "public_access_prevention" })
    end
  end,
  fix = set("public_access_prevention", "enforced"),
  tests = {
    fail = { live [[
[{"type": "gcp:storage:bucket", "id": "fire", "name": "fire",
  "body": {"name": "fire", "iamConfiguration": {"publicAccessPrevention": "inherited"}}}]
]], [[resource "google_storage_bucket" "fire" { name = "b" }]] },
    pass = { live [[
[{"type": "gcp:storage:bucket", "id": "dont_fire", "name": "dont_fire",
  "body": {"name": "dont_fire", "iamConfiguration": {"publicAccessPrevention": "enforced"}}}]
]], [[
resource "google_storage_bucket" "dont_fire" {
  name                     = "b"
  public_access_prevention = "enforced"
}]] },
    unknown = { [[
variable "p" {}
resource "google_storage_bucket" "a" { public_access_prevention = var.p }]] },
  },
}
