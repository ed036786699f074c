local tags = lib "tags"

return rule {
  id = "GCP-GCS-007", title = "Bucket has no lifecycle rule, or critical data sits in one region",
  severity = "low", category = "cost",
  for_each = "gcp.storage.bucket",
  description = [[Objects that nobody needs any more cost money for ever. Production data in one region is gone with the region.]],
  remediation = [[Add a `lifecycle_rule`; use a dual-region or multi-region location in production.]],
  references = { "https://cloud.google.com/storage/docs/lifecycle", "https://cloud.google.com/storage/docs/locations" },
  check = function(e)
    local found = {}
    if #list(e.lifecycle) == 0 and not e.autoclass then
      found[1] = fail("bucket " .. e.name .. " has no lifecycle rule", { case = "lifecycle" })
    end
    -- Regions are called like europe-west1; places of several regions have no digit after a dash.
    if tags.production(e) and e.location ~= nil and match(lower(e.location), "^[a-z]+-[a-z]+[0-9]+$")
      and #graph.of_type("google_storage_transfer_job") == 0 then
      found[#found + 1] = fail("the production bucket " .. e.name .. " lies in the single region " .. lower(e.location),
        { case = "region", at = "location" })
    end
    return found
  end,
  tests = {
    fail = { live [[
[{"type": "gcp:storage:bucket", "id": "fire", "name": "fire",
  "body": {"name": "fire"}}]
]], [[resource "google_storage_bucket" "fire" { name = "b" }]], [[
resource "google_storage_bucket" "fire" {
  location = "EUROPE-WEST1"
  labels   = { environment = "prod" }
  lifecycle_rule {
    condition { age = 30 }
    action { type = "Delete" }
  }
}]] },
    pass = { live [[
[{"type": "gcp:storage:bucket", "id": "dont_fire", "name": "dont_fire",
  "body": {"name": "dont_fire", "lifecycle": {"rule": [{"action": {"type": "Delete"}, "condition": {"age": 30}}]}}}]
]], [[
resource "google_storage_bucket" "dont_fire" {
  location = "EU"
  labels   = { environment = "prod" }
  lifecycle_rule {
    condition { age = 30 }
    action { type = "Delete" }
  }
}]] },
    unknown = { [[
variable "l" {}
resource "google_storage_bucket" "a" {
  location = var.l
  labels   = { environment = "prod" }
  lifecycle_rule {
    condition { age = 30 }
    action { type = "Delete" }
  }
}]] },
  },
}
