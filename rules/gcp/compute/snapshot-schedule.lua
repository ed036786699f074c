local tags = lib "tags"

-- The policies of snapshots that hold for a disk: inline, or attached by a resource of their own.
local function schedules(e)
  local found, outside = {}, false
  for _, target in ipairs(e:targets(e.raw.resource_policies or e.raw.resourcePolicies)) do
    if target.kind == "gcp.compute.resource_policy" and target.snapshots ~= nil then found[#found + 1] = target end
  end
  if #found == 0 and #list(e.policies) > 0 then outside = true end
  for _, attachment in ipairs(e:satellites("schedule")) do
    local before = #found
    for _, target in ipairs(attachment:targets(attachment.raw.name)) do
      if target.kind == "gcp.compute.resource_policy" and target.snapshots ~= nil then found[#found + 1] = target end
    end
    if #found == before then outside = true end
  end
  return found, outside
end

return rule {
  id = "GCP-GCE-011", title = "Disk has no snapshot schedule",
  severity = "medium", category = "resilience",
  version = 2, changes = { "judged on live answers too" },
  frameworks = { "NIST-800-53r5:CP-9", "SOC2:A1.2", "ISO27001-2022:A.8.13" },
  for_each = "gcp.compute.disk",
  where = function(e) return tags.production(e) end,
  description = [[Without snapshots a deleted or damaged disk is lost; snapshots in its own region are lost with the region.]],
  remediation = [[Attach a `google_compute_resource_policy` with a `snapshot_schedule_policy` and a multi-region storage location.]],
  references = { "https://cloud.google.com/compute/docs/disks/scheduled-snapshots" },
  check = function(e)
    local found, outside = schedules(e)
    if #found == 0 then
      if outside then unknown("the policy that is attached to the disk is outside the scan") end
      return fail("production disk " .. e.name .. " has no schedule of snapshots", { case = "schedule" })
    end
    for _, policy in ipairs(found) do
      local locations = list(policy.locations)
      -- Multi-regions (eu, us, asia) have no number. A live zone is an address that ends in its name.
      local zone = e.zone ~= nil and match(e.zone, "[^/]+$") or nil
      if #locations ~= 1 or zone == nil or not match(locations[1], "[0-9]$") then return end
      if zone ~= locations[1] and not starts(zone, locations[1] .. "-") then return end
    end
    return fail("snapshots of production disk " .. e.name .. " lie in its own region", { case = "location", at = found[1] })
  end,
  tests = {
    fail = { assets [[
[{"name": "//compute.googleapis.com/projects/shop/zones/europe-west3-a/disks/fire", "assetType": "compute.googleapis.com/Disk",
  "resource": {"data": {"name": "fire",
    "selfLink": "https://www.googleapis.com/compute/v1/projects/shop/zones/europe-west3-a/disks/fire",
    "sizeGb": "20",
    "zone": "https://www.googleapis.com/compute/v1/projects/shop/zones/europe-west3-a",
    "labels": {"environment": "prod"}}}}]
]], assets [[
[{"name": "//compute.googleapis.com/projects/shop/zones/europe-west3-a/disks/fire", "assetType": "compute.googleapis.com/Disk",
  "resource": {"data": {"name": "fire",
    "selfLink": "https://www.googleapis.com/compute/v1/projects/shop/zones/europe-west3-a/disks/fire",
    "sizeGb": "20",
    "zone": "https://www.googleapis.com/compute/v1/projects/shop/zones/europe-west3-a",
    "labels": {"environment": "prod"},
    "resourcePolicies": ["https://www.googleapis.com/compute/v1/projects/shop/regions/europe-west3/resourcePolicies/nightly"]}}},
{"name": "//compute.googleapis.com/projects/shop/regions/europe-west3/resourcePolicies/nightly", "assetType": "compute.googleapis.com/ResourcePolicy",
  "resource": {"data": {"name": "nightly",
    "selfLink": "https://www.googleapis.com/compute/v1/projects/shop/regions/europe-west3/resourcePolicies/nightly",
    "region": "https://www.googleapis.com/compute/v1/projects/shop/regions/europe-west3",
    "snapshotSchedulePolicy": {"schedule": {"dailySchedule": {"daysInCycle": 1, "startTime": "02:00"}},
      "snapshotProperties": {"storageLocations": ["europe-west3"]}}}}}]
]], [[
resource "google_compute_disk" "fire" {
  name   = "fire"
  labels = { environment = "prod" }
}]], [[
resource "google_compute_resource_policy" "p" {
  name = "daily"
  snapshot_schedule_policy {
    snapshot_properties { storage_locations = ["europe-west3"] }
  }
}
resource "google_compute_disk" "fire" {
  name              = "fire"
  zone              = "europe-west3-a"
  labels            = { environment = "prod" }
  resource_policies = [google_compute_resource_policy.p.id]
}]] },
    pass = { assets [[
[{"name": "//compute.googleapis.com/projects/shop/zones/europe-west3-a/disks/dont-fire", "assetType": "compute.googleapis.com/Disk",
  "resource": {"data": {"name": "dont-fire",
    "selfLink": "https://www.googleapis.com/compute/v1/projects/shop/zones/europe-west3-a/disks/dont-fire",
    "sizeGb": "20",
    "zone": "https://www.googleapis.com/compute/v1/projects/shop/zones/europe-west3-a",
    "labels": {"environment": "prod"},
    "resourcePolicies": ["https://www.googleapis.com/compute/v1/projects/shop/regions/europe-west3/resourcePolicies/nightly"]}}},
{"name": "//compute.googleapis.com/projects/shop/regions/europe-west3/resourcePolicies/nightly", "assetType": "compute.googleapis.com/ResourcePolicy",
  "resource": {"data": {"name": "nightly",
    "selfLink": "https://www.googleapis.com/compute/v1/projects/shop/regions/europe-west3/resourcePolicies/nightly",
    "region": "https://www.googleapis.com/compute/v1/projects/shop/regions/europe-west3",
    "snapshotSchedulePolicy": {"schedule": {"dailySchedule": {"daysInCycle": 1, "startTime": "02:00"}},
      "snapshotProperties": {"storageLocations": ["eu"]}}}}}]
]], [[
resource "google_compute_resource_policy" "p" {
  name = "daily"
  snapshot_schedule_policy {
    snapshot_properties { storage_locations = ["eu"] }
  }
}
resource "google_compute_disk" "dont_fire" {
  name   = "dont_fire"
  zone   = "europe-west3-a"
  labels = { environment = "prod" }
}
resource "google_compute_disk_resource_policy_attachment" "a" {
  name = google_compute_resource_policy.p.name
  disk = google_compute_disk.dont_fire.name
}]] },
    unknown = { [[
resource "google_compute_disk" "a" {
  name              = "a"
  labels            = { environment = "prod" }
  resource_policies = ["projects/p/regions/r/resourcePolicies/daily"]
}]] },
  },
}
