return rule {
  id = "GCP-REDIS-002", title = "Cache asks for no credentials",
  severity = "high", category = "least-privilege",
  aliases = { "CKV_GCP_95" },
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = { "gcp.redis.instance", "gcp.redis.cluster" },
  description = [[Every machine of the network may read and change what is in the cache.]],
  remediation = [[Set `auth_enabled = true`; on clusters `authorization_mode = "AUTH_MODE_IAM_AUTH"`.]],
  references = { "https://cloud.google.com/memorystore/docs/redis/about-redis-auth" },
  check = function(e)
    if e.kind == "gcp.redis.cluster" then
      if e.auth ~= "AUTH_MODE_IAM_AUTH" then return fail("cache " .. e.name .. " asks for no credentials", { at = "auth" }) end
    elseif not e.auth then
      return fail("cache " .. e.name .. " asks for no credentials", { case = "instance", at = "auth" })
    end
  end,
  fix = set("auth", true, "instance"),
  tests = {
    fail = { live [[
[{"type": "gcp:redis:instance", "id": "fire", "name": "fire",
  "body": {"name": "fire", "authEnabled": false}}]
]], [[
resource "google_redis_instance" "fire" { name = "fire" }]], [[
resource "google_redis_cluster" "fire" { name = "fire" }]] },
    pass = { live [[
[{"type": "gcp:redis:instance", "id": "dont_fire", "name": "dont_fire",
  "body": {"name": "dont_fire", "authEnabled": true}}]
]], [[
resource "google_redis_instance" "dont_fire" {
  name         = "dont_fire"
  auth_enabled = true
}]], [[
resource "google_redis_cluster" "dont_fire" {
  name               = "dont_fire"
  authorization_mode = "AUTH_MODE_IAM_AUTH"
}]] },
    unknown = { [[
variable "auth" { type = bool }
resource "google_redis_instance" "a" {
  name         = "a"
  auth_enabled = var.auth
}]] },
  },
}
