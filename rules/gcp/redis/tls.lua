return rule {
  id = "GCP-REDIS-001", title = "Cache accepts clear text",
  severity = "high", category = "encryption",
  aliases = { "CKV_GCP_97" },
  frameworks = { "NIST-800-53r5:SC-8", "PCI-DSS-4.0:4.2.1", "SOC2:CC6.7", "ISO27001-2022:A.8.24" },
  for_each = { "gcp.redis.instance", "gcp.redis.cluster" },
  description = [[What passes in clear text between clients and the cache, passwords included, can be read on the way.]],
  remediation = [[Set `transit_encryption_mode = "SERVER_AUTHENTICATION"` (clusters: TRANSIT_ENCRYPTION_MODE_SERVER_AUTHENTICATION).]],
  references = { "https://cloud.google.com/memorystore/docs/redis/about-in-transit-encryption" },
  check = function(e)
    if not ends(e.transit, "SERVER_AUTHENTICATION") then
      return fail("cache " .. e.name .. " accepts clear text", { at = "transit" })
    end
  end,
  fix = set("transit", "SERVER_AUTHENTICATION"),
  tests = {
    fail = { [[
resource "google_redis_instance" "fire" { name = "fire" }]], [[
resource "google_redis_cluster" "fire" {
  name                    = "fire"
  transit_encryption_mode = "TRANSIT_ENCRYPTION_MODE_DISABLED"
}]], live [[
[{"type": "gcp:redis:instance", "id": "fire", "name": "fire",
  "body": {"name": "projects/p/locations/l/instances/fire", "transitEncryptionMode": "DISABLED", "tier": "BASIC"}}]
]] },
    pass = { assets [[
[{"name": "//redis.googleapis.com/projects/shop/locations/europe-west3/instances/dont-fire", "assetType": "redis.googleapis.com/Instance",
  "resource": {"data": {"name": "projects/shop/locations/europe-west3/instances/dont-fire",
    "labels": {"environment": "prod"},
    "state": "READY",
    "tier": "STANDARD_HA",
    "transitEncryptionMode": "SERVER_AUTHENTICATION"}}}]
]], [[
resource "google_redis_instance" "dont_fire" {
  name                    = "dont_fire"
  transit_encryption_mode = "SERVER_AUTHENTICATION"
}]], [[
resource "google_redis_cluster" "dont_fire" {
  name                    = "dont_fire"
  transit_encryption_mode = "TRANSIT_ENCRYPTION_MODE_SERVER_AUTHENTICATION"
}]] },
    unknown = { [[
variable "mode" {}
resource "google_redis_instance" "a" {
  name                    = "a"
  transit_encryption_mode = var.mode
}]] },
  },
}
