local values = lib "values"

return rule {
  id = "GCP-BT-001", title = "Instance lacks a customer managed key or deletion protection",
  severity = "medium", category = "encryption",
  version = 2, changes = { "what only code can say is not asked of live tables" },
  aliases = { CKV_GCP_85 = "key", CKV_GCP_122 = "deletion" },
  frameworks = { "NIST-800-53r5:SC-28", "PCI-DSS-4.0:3.5.1", "SOC2:CC6.1", "ISO27001-2022:A.8.24" },
  for_each = { "gcp.bigtable.instance", "gcp.bigtable.table", "gcp.bigtable.cluster" },
  description = [[With a key of one's own, access to the data also needs a right on the key; protection keeps a mistake from deleting it.]],
  remediation = [[Set `kms_key_name` in every block `cluster`, and leave `deletion_protection` on.]],
  references = { "https://cloud.google.com/bigtable/docs/cmek" },
  -- Protection is on by default in the provider; Checkov wants it to be written, and looks at the first cluster alone.
  check = function(e)
    if e.kind == "gcp.bigtable.cluster" then
      if e.encryption.key == nil then return fail("cluster " .. e.name .. " has no key of its own", { case = "key" }) end
      return
    end
    if e.kind == "gcp.bigtable.table" then
      if e.origin == "live" then return end
      if e.protection == "UNPROTECTED" then
        return fail("table " .. e.name .. " can be deleted", { case = "deletion", at = "protection" })
      end
      return
    end
    if e.origin == "live" then return end
    return each({ "key", "deletion" }, function(case)
      if case == "deletion" then
        if not e.deletion_protection then
          return fail("Terraform may destroy the instance " .. e.name, { case = case, at = "deletion_protection" })
        end
        return
      end
      return each(items(e.clusters or {}), function(cluster)
        if not values.set(e, cluster, "kms_key_name") then
          return fail("a cluster of instance " .. e.name .. " has no key of its own", { case = case, at = cluster })
        end
      end)
    end)
  end,
  fix = set("deletion_protection", true, "deletion"),
  tests = {
    fail = { [[
resource "google_bigtable_instance" "fire" {
  name = "fire"
  cluster { cluster_id = "a" }
}]], [[
resource "google_bigtable_instance" "fire" {
  name                = "fire"
  deletion_protection = false
  cluster {
    cluster_id   = "a"
    kms_key_name = "projects/p/locations/l/keyRings/r/cryptoKeys/k"
  }
}]], [[
resource "google_bigtable_table" "fire" {
  name                = "fire"
  instance_name       = "i"
  deletion_protection = "UNPROTECTED"
}]], live [[
[{"type": "gcp:bigtableadmin:cluster", "id": "projects/p/instances/i/clusters/fire", "name": "fire",
  "body": {"name": "projects/p/instances/i/clusters/fire", "state": "READY"}}]
]] },
    pass = { assets [[
[{"name": "//bigtableadmin.googleapis.com/projects/shop/instances/i/clusters/dont-fire", "assetType": "bigtableadmin.googleapis.com/Cluster",
  "resource": {"data": {"name": "projects/shop/instances/i/clusters/dont-fire",
    "state": "READY",
    "encryptionConfig": {"kmsKeyName": "projects/shop/locations/eu/keyRings/r/cryptoKeys/k"}}}}]
]], [[
resource "google_kms_crypto_key" "k" { name = "k" }
resource "google_bigtable_instance" "dont_fire" {
  name = "dont_fire"
  cluster {
    cluster_id   = "a"
    kms_key_name = google_kms_crypto_key.k.id
  }
}]] },
    unknown = { [[
variable "key" {}
resource "google_bigtable_instance" "a" {
  name = "a"
  cluster {
    cluster_id   = "a"
    kms_key_name = var.key
  }
}]] },
  },
}
