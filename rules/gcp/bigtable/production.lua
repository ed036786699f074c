local tags = lib "tags"

-- Clusters or tables of an instance in a live project, whose names begin with that of the instance.
local function parts(e, kind)
  local found = {}
  for _, part in ipairs(graph.all(kind)) do
    if starts(part.raw.name or "", e.raw.name .. "/") then found[#found + 1] = part end
  end
  return found
end

return rule {
  id = "GCP-BT-002", title = "Production instance has a single cluster or no backups",
  severity = "medium", category = "resilience",
  version = 2, changes = { "judged on live answers too" },
  frameworks = { "NIST-800-53r5:CP-10", "SOC2:A1.2", "ISO27001-2022:A.8.14" },
  for_each = "gcp.bigtable.instance",
  where = function(e) return tags.production(e) end,
  description = [[One cluster fails with its zone; without backups a mistake in the data is there to stay.]],
  remediation = [[Add a second block `cluster` in another zone, and `automated_backup_policy` to the tables.]],
  references = { "https://cloud.google.com/bigtable/docs/replication-overview", "https://cloud.google.com/bigtable/docs/backups" },
  check = function(e)
    return each({ "cluster", "backup" }, function(case)
      if case == "cluster" then
        if #(e.origin == "live" and parts(e, "gcp.bigtable.cluster") or list(e.clusters)) < 2 then
          return fail("production instance " .. e.name .. " has one cluster", { case = case })
        end
        return
      end
      local tables = e.origin == "live" and parts(e, "gcp.bigtable.table") or e:satellites("table")
      if #tables == 0 then return end
      for _, t in ipairs(tables) do
        if t.backups ~= nil and #list(t.backups) > 0 then return end
      end
      return fail("no table of the production instance " .. e.name .. " is backed up by itself", { case = case })
    end)
  end,
  tests = {
    fail = { assets [[
[{"name": "//bigtableadmin.googleapis.com/projects/shop/instances/fire", "assetType": "bigtableadmin.googleapis.com/Instance",
  "resource": {"data": {"name": "projects/shop/instances/fire",
    "displayName": "fire",
    "type": "PRODUCTION",
    "labels": {"environment": "prod"}}}},
{"name": "//bigtableadmin.googleapis.com/projects/shop/instances/fire/clusters/a", "assetType": "bigtableadmin.googleapis.com/Cluster",
  "resource": {"data": {"name": "projects/shop/instances/fire/clusters/a", "location": "projects/shop/locations/europe-west3-a"}}},
{"name": "//bigtableadmin.googleapis.com/projects/shop/instances/fire/tables/t", "assetType": "bigtableadmin.googleapis.com/Table",
  "resource": {"data": {"name": "projects/shop/instances/fire/tables/t", "granularity": "MILLIS"}}}]
]], [[
resource "google_bigtable_instance" "fire" {
  name   = "fire"
  labels = { environment = "prod" }
  cluster { cluster_id = "a" }
}]], [[
resource "google_bigtable_instance" "fire" {
  name   = "fire"
  labels = { environment = "prod" }
  cluster { cluster_id = "a" }
  cluster { cluster_id = "b" }
}
resource "google_bigtable_table" "t" {
  name          = "t"
  instance_name = google_bigtable_instance.fire.name
}]] },
    pass = { assets [[
[{"name": "//bigtableadmin.googleapis.com/projects/shop/instances/dont-fire", "assetType": "bigtableadmin.googleapis.com/Instance",
  "resource": {"data": {"name": "projects/shop/instances/dont-fire",
    "displayName": "dont-fire",
    "type": "PRODUCTION",
    "labels": {"environment": "prod"}}}},
{"name": "//bigtableadmin.googleapis.com/projects/shop/instances/dont-fire/clusters/a", "assetType": "bigtableadmin.googleapis.com/Cluster",
  "resource": {"data": {"name": "projects/shop/instances/dont-fire/clusters/a",
    "location": "projects/shop/locations/europe-west3-a"}}},
{"name": "//bigtableadmin.googleapis.com/projects/shop/instances/dont-fire/clusters/b", "assetType": "bigtableadmin.googleapis.com/Cluster",
  "resource": {"data": {"name": "projects/shop/instances/dont-fire/clusters/b",
    "location": "projects/shop/locations/europe-west4-a"}}},
{"name": "//bigtableadmin.googleapis.com/projects/shop/instances/dont-fire/tables/t", "assetType": "bigtableadmin.googleapis.com/Table",
  "resource": {"data": {"name": "projects/shop/instances/dont-fire/tables/t",
    "automatedBackupPolicy": {"retentionPeriod": "259200s", "frequency": "86400s"}}}}]
]], [[
resource "google_bigtable_instance" "dont_fire" {
  name   = "dont_fire"
  labels = { environment = "prod" }
  cluster { cluster_id = "a" }
  cluster { cluster_id = "b" }
}
resource "google_bigtable_table" "t" {
  name          = "t"
  instance_name = google_bigtable_instance.dont_fire.name
  automated_backup_policy {
    retention_period = "72h"
    frequency        = "24h"
  }
}]] },
    unknown = { [[
variable "zones" { type = list(string) }
resource "google_bigtable_instance" "a" {
  name   = "a"
  labels = { environment = "prod" }
  dynamic "cluster" {
    for_each = var.zones
    content { cluster_id = cluster.value }
  }
}]] },
  },
}
