local values = lib "values"

return rule {
  id = "GCP-SQL-006", title = "Disk is not encrypted with a customer managed key",
  severity = "medium", category = "encryption",
  frameworks = { "NIST-800-53r5:SC-28", "PCI-DSS-4.0:3.5.1", "SOC2:CC6.1", "ISO27001-2022:A.8.24" },
  for_each = "gcp.sql.instance",
  classes = { public = "none", internal = "low", regulated = "high" },
  description = [[With a key of one's own, access to the data also needs a right on the key, and the key can be withdrawn.]],
  remediation = [[Set `encryption_key_name`; an instance cannot get one later.]],
  references = { "https://cloud.google.com/sql/docs/mysql/cmek" },
  check = function(e)
    if not values.set(e, e.encryption, "key") then return fail("instance " .. e.name .. " has no key of its own") end
  end,
  tests = {
    fail = { live [[
[{"type": "gcp:sqladmin:instance", "id": "fire", "name": "fire",
  "body": {"name": "fire", "settings": {}}}]
]], [[resource "google_sql_database_instance" "fire" {}]] },
    pass = { live [[
[{"type": "gcp:sqladmin:instance", "id": "dont_fire", "name": "dont_fire",
  "body": {"name": "dont_fire", "diskEncryptionConfiguration": {"kmsKeyName": "projects/p/locations/l/keyRings/r/cryptoKeys/k"}}}]
]], [[
resource "google_kms_crypto_key" "k" {}
resource "google_sql_database_instance" "dont_fire" { encryption_key_name = google_kms_crypto_key.k.id }]] },
    unknown = { [[
variable "k" {}
resource "google_sql_database_instance" "a" { encryption_key_name = var.k }]] },
  },
}
