local tags, values = lib "tags", lib "values"

return rule {
  id = "GCP-REDIS-003", title = "Cache has one node, no persistence or no own key",
  severity = "medium", category = "resilience",
  frameworks = { "NIST-800-53r5:CP-10", "SOC2:A1.2", "ISO27001-2022:A.8.14" },
  for_each = "gcp.redis.instance",
  description = [[A single node loses what it holds when it fails; a key of one's own can be withdrawn.]],
  remediation = [[In production set `tier = "STANDARD_HA"` and `persistence_config { persistence_mode = "RDB" }`; name a `customer_managed_key`.]],
  references = { "https://cloud.google.com/memorystore/docs/redis/high-availability-for-memorystore-for-redis" },
  check = function(e)
    return each({ "key", "tier", "persistence" }, function(case)
      if case == "key" then
        if not values.set(e, e.encryption, "key") then
          return fail("cache " .. e.name .. " has no key of its own", { case = case, at = "encryption.key" })
        end
      elseif not tags.production(e) then
        return
      elseif case == "tier" then
        if e.tier == "BASIC" then return fail("production cache " .. e.name .. " has one node", { case = case, at = "tier" }) end
      elseif e.persistence == "DISABLED" then
        return fail("production cache " .. e.name .. " keeps nothing on disk", { case = case, at = "persistence" })
      end
    end)
  end,
  fix = { set("tier", "STANDARD_HA", "tier"), set("persistence", "RDB", "persistence") },
  tests = {
    fail = { assets [[
[{"name": "//redis.googleapis.com/projects/shop/locations/europe-west3/instances/fire", "assetType": "redis.googleapis.com/Instance",
  "resource": {"data": {"name": "projects/shop/locations/europe-west3/instances/fire",
    "labels": {"environment": "prod"},
    "state": "READY",
    "tier": "BASIC",
    "persistenceConfig": {"persistenceMode": "DISABLED"}}}}]
]], [[
resource "google_redis_instance" "fire" {
  name                 = "fire"
  tier                 = "STANDARD_HA"
  labels               = { environment = "prod" }
  customer_managed_key = "projects/p/locations/l/keyRings/r/cryptoKeys/k"
}]], [[
resource "google_redis_instance" "fire" { name = "fire" }]], [[
resource "google_redis_instance" "fire" {
  name                 = "fire"
  labels               = { environment = "prod" }
  customer_managed_key = "projects/p/locations/l/keyRings/r/cryptoKeys/k"
  persistence_config { persistence_mode = "RDB" }
}]] },
    pass = { assets [[
[{"name": "//redis.googleapis.com/projects/shop/locations/europe-west3/instances/dont-fire", "assetType": "redis.googleapis.com/Instance",
  "resource": {"data": {"name": "projects/shop/locations/europe-west3/instances/dont-fire",
    "labels": {"environment": "prod"},
    "state": "READY",
    "tier": "STANDARD_HA",
    "persistenceConfig": {"persistenceMode": "RDB", "rdbSnapshotPeriod": "TWELVE_HOURS"},
    "customerManagedKey": "projects/shop/locations/eu/keyRings/r/cryptoKeys/k"}}}]
]], [[
resource "google_redis_instance" "dont_fire" {
  name                 = "dont_fire"
  tier                 = "STANDARD_HA"
  labels               = { environment = "prod" }
  customer_managed_key = "projects/p/locations/l/keyRings/r/cryptoKeys/k"
  persistence_config { persistence_mode = "RDB" }
}]] },
    unknown = { [[
variable "key" {}
resource "google_redis_instance" "a" {
  name                 = "a"
  customer_managed_key = var.key
}]] },
  },
}
