return rule {
  id = "GCP-GKE-014", title = "Secrets are not encrypted by an application-layer key",
  severity = "high", category = "encryption",
  frameworks = { "NIST-800-53r5:SC-28", "PCI-DSS-4.0:3.5.1", "SOC2:CC6.1", "ISO27001-2022:A.8.24" },
  for_each = "gcp.container.cluster",
  description = [[Without a key of one's own, whoever gets at the cluster's database reads the secrets in it.]],
  remediation = [[Set `database_encryption` with `state = "ENCRYPTED"` and `key_name`.]],
  references = { "https://cloud.google.com/kubernetes-engine/docs/how-to/encrypting-secrets" },
  check = function(e)
    if not one_of(e.secrets.state, "ENCRYPTED", "ALL_OBJECTS_ENCRYPTION_ENABLED") then
      return fail("secrets of cluster " .. e.name .. " are not encrypted by a key of its own", { at = "secrets.state" })
    end
    if known(e.secrets.key) and (e.secrets.key == nil or e.secrets.key == "") then
      return fail("cluster " .. e.name .. " names no key for its secrets", { at = "secrets.key" })
    end
  end,
  tests = {
    fail = { live [[
[{"type": "gcp:container:cluster", "id": "fire", "name": "fire",
  "body": {"name": "fire", "databaseEncryption": {"state": "DECRYPTED"}}}]
]], [[
resource "google_container_cluster" "fire" { name = "fire" }]], [[
resource "google_container_cluster" "fire" {
  name = "fire"
  database_encryption { state = "DECRYPTED" }
}]] },
    pass = { live [[
[{"type": "gcp:container:cluster", "id": "dont_fire", "name": "dont_fire",
  "body": {"name": "dont_fire", "databaseEncryption": {"state": "ENCRYPTED", "keyName": "projects/p/locations/l/keyRings/r/cryptoKeys/k"}}}]
]], [[
resource "google_kms_crypto_key" "k" { name = "k" }
resource "google_container_cluster" "dont_fire" {
  name = "dont_fire"
  database_encryption {
    state    = "ENCRYPTED"
    key_name = google_kms_crypto_key.k.id
  }
}]] },
    unknown = { [[
variable "state" {}
resource "google_container_cluster" "a" {
  name = "a"
  database_encryption { state = var.state }
}]] },
  },
}
