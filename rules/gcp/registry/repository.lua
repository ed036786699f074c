local values = lib "values"

return rule {
  id = "GCP-AR-002", title = "Registry lacks a customer managed key or immutable tags",
  severity = "medium", category = "supply-chain",
  aliases = { CKV_GCP_84 = "key" },
  frameworks = { "NIST-800-53r5:SR-3", "PCI-DSS-4.0:6.3.2", "SOC2:CC8.1", "ISO27001-2022:A.5.21" },
  for_each = "gcp.registry.repository",
  description = [[A tag that can be moved lets what was tested be replaced by something else under the same name.]],
  remediation = [[Set `kms_key_name`, and `docker_config { immutable_tags = true }`.]],
  references = { "https://cloud.google.com/artifact-registry/docs/docker/immutable-tags" },
  check = function(e)
    return each({ "key", "tags" }, function(case)
      if case == "key" then
        if not values.set(e, e.encryption, "key") then
          return fail("repository " .. e.name .. " has no key of its own", { case = case, at = "encryption.key" })
        end
      elseif e.format == "DOCKER" and e.mode == "STANDARD_REPOSITORY" and not e.immutable then
        return fail("tags of repository " .. e.name .. " can be moved", { case = case, at = "immutable" })
      end
    end)
  end,
  fix = set("immutable", true, "tags"),
  tests = {
    fail = { live [[
[{"type": "gcp:artifactregistry:repository", "id": "fire", "name": "fire",
  "body": {"name": "fire", "format": "DOCKER", "mode": "STANDARD_REPOSITORY"}}]
]], [[
resource "google_artifact_registry_repository" "fire" {
  repository_id = "fire"
  format        = "NPM"
}]], [[
resource "google_artifact_registry_repository" "fire" {
  repository_id = "fire"
  format        = "DOCKER"
  kms_key_name  = "projects/p/locations/l/keyRings/r/cryptoKeys/k"
}]] },
    pass = { live [[
[{"type": "gcp:artifactregistry:repository", "id": "dont_fire", "name": "dont_fire",
  "body": {"name": "dont_fire", "format": "DOCKER", "mode": "STANDARD_REPOSITORY", "kmsKeyName": "projects/p/locations/l/keyRings/r/cryptoKeys/k", "dockerConfig": {"immutableTags": true}}}]
]], [[
resource "google_kms_crypto_key" "k" { name = "k" }
resource "google_artifact_registry_repository" "dont_fire" {
  repository_id = "dont_fire"
  format        = "DOCKER"
  kms_key_name  = google_kms_crypto_key.k.id
  docker_config { immutable_tags = true }
}]] },
    unknown = { [[
variable "key" {}
resource "google_artifact_registry_repository" "a" {
  repository_id = "a"
  format        = "NPM"
  kms_key_name  = var.key
}]] },
  },
}
