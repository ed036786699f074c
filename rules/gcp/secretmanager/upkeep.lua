local tags, values = lib "tags", lib "values"

-- Whether every copy of a secret is under a key of one's own.
local function keyed(e)
  if starts(e.type, "google_secret_manager_regional") then
    return values.set(e, list(e.raw.customer_managed_encryption)[1], "kms_key_name")
  end
  if e.origin == "live" then
    if e.auto.block ~= nil then return e.auto.key ~= nil end
    for _, replica in ipairs(list(e.replicas)) do
      if replica.customerManagedEncryption == nil then return false end
    end
    return #list(e.replicas) > 0
  end
  local auto = e.raw.replication and e.raw.replication.auto
  if auto ~= nil then return values.set(e, list(auto.customer_managed_encryption)[1], "kms_key_name") end
  for _, replica in ipairs(list(e.replicas)) do
    if not values.set(e, list(replica.customer_managed_encryption)[1], "kms_key_name") then return false end
  end
  return #list(e.replicas) > 0
end

return rule {
  id = "GCP-SM-001", title = "Secret lacks a customer managed key, rotation or a second location",
  severity = "medium", category = "secrets",
  frameworks = { "NIST-800-53r5:IA-5", "PCI-DSS-4.0:8.6.2", "SOC2:CC6.1", "ISO27001-2022:A.5.17" },
  for_each = "gcp.secret",
  description = [[A secret that is never changed stays good for whoever got it; one that lies in one region is gone with it.]],
  remediation = [[Set `customer_managed_encryption` in `replication`, a `rotation` schedule, and in production a second replica.]],
  references = { "https://cloud.google.com/secret-manager/docs/rotation-recommendations", "https://cloud.google.com/secret-manager/docs/cmek" },
  check = function(e)
    return each({ "key", "rotation", "location" }, function(case)
      if case == "key" then
        if not keyed(e) then return fail("secret " .. e.name .. " has no key of its own", { case = case }) end
      elseif case == "rotation" then
        if e.rotation == nil then return fail("secret " .. e.name .. " has no schedule of rotation", { case = case, at = "rotation" }) end
      elseif tags.production(e) and #list(e.replicas) == 1 then
        return fail("production secret " .. e.name .. " lies in one region", { case = case, at = "replicas" })
      end
    end)
  end,
  tests = {
    fail = { live [[
[{"type": "gcp:secretmanager:secret", "id": "fire", "name": "fire",
  "body": {"name": "fire", "replication": {"automatic": {}}}}]
]], [[
resource "google_secret_manager_secret" "fire" {
  secret_id = "fire"
  replication {
    auto {}
  }
}]], [[
resource "google_secret_manager_secret" "fire" {
  secret_id = "fire"
  labels    = { environment = "prod" }
  rotation {
    rotation_period    = "2592000s"
    next_rotation_time = "2027-01-01T00:00:00Z"
  }
  replication {
    user_managed {
      replicas {
        location = "europe-west3"
        customer_managed_encryption { kms_key_name = "k" }
      }
    }
  }
}]] },
    pass = { live [[
[{"type": "gcp:secretmanager:secret", "id": "dont_fire", "name": "dont_fire",
  "body": {"name": "dont_fire", "rotation": {"rotationPeriod": "2592000s"}, "replication": {"automatic": {"customerManagedEncryption": {"kmsKeyName": "projects/p/locations/l/keyRings/r/cryptoKeys/k"}}}}}]
]], [[
resource "google_kms_crypto_key" "k" { name = "k" }
resource "google_secret_manager_secret" "dont_fire" {
  secret_id = "dont_fire"
  labels    = { environment = "prod" }
  rotation {
    rotation_period    = "2592000s"
    next_rotation_time = "2027-01-01T00:00:00Z"
  }
  replication {
    auto {
      customer_managed_encryption { kms_key_name = google_kms_crypto_key.k.id }
    }
  }
}]] },
    unknown = { [[
variable "period" {}
resource "google_secret_manager_secret" "a" {
  secret_id = "a"
  rotation { rotation_period = var.period }
  replication {
    auto {
      customer_managed_encryption { kms_key_name = "k" }
    }
  }
}]] },
  },
}
