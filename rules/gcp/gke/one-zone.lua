local gcp, tags = lib "gcp", lib "tags"

return rule {
  id = "GCP-GKE-019", title = "Production cluster is zonal or has no backup plan",
  severity = "medium", category = "resilience",
  frameworks = { "NIST-800-53r5:CP-10", "SOC2:A1.2", "ISO27001-2022:A.8.14" },
  for_each = "gcp.container.cluster",
  where = function(e) return tags.production(e) end,
  description = [[The control plane of a zonal cluster fails with its zone, and during every upgrade; what runs in a cluster without backups
is lost with it.]],
  remediation = [[Set `location` to a region, and add a `google_gke_backup_backup_plan`.]],
  references = { "https://cloud.google.com/kubernetes-engine/docs/concepts/regional-clusters" },
  check = function(e)
    return each({ "zone", "backup" }, function(case)
      if case == "zone" then
        if e.location ~= nil and match(e.location, "-[a-z]$") then
          return fail("production cluster " .. e.name .. " lies in one zone, " .. e.location, { case = case, at = "location" })
        end
      elseif #gcp.users(e, "gcp.container.backup_plan", "backs_up") == 0 then
        for _, plan in ipairs(graph.all("gcp.container.backup_plan")) do
          if not known(plan.cluster) and #plan:targets(plan.raw.cluster) == 0 then unknown("which cluster a backup plan is for is not known") end
        end
        return fail("production cluster " .. e.name .. " has no plan of backups", { case = case })
      end
    end)
  end,
  tests = {
    fail = { assets [[
[{"name": "//container.googleapis.com/projects/shop/locations/europe-west3-a/clusters/fire", "assetType": "container.googleapis.com/Cluster",
  "resource": {"data": {"name": "fire",
    "location": "europe-west3-a",
    "selfLink": "https://container.googleapis.com/v1/projects/shop/locations/europe-west3-a/clusters/fire",
    "resourceLabels": {"environment": "prod"}}}}]
]], [[
resource "google_container_cluster" "fire" {
  name            = "fire"
  location        = "europe-west3-a"
  resource_labels = { environment = "prod" }
}]] },
    pass = { assets [[
[{"name": "//container.googleapis.com/projects/shop/locations/europe-west3/clusters/dont-fire", "assetType": "container.googleapis.com/Cluster",
  "resource": {"data": {"name": "dont-fire",
    "location": "europe-west3",
    "selfLink": "https://container.googleapis.com/v1/projects/shop/locations/europe-west3/clusters/dont-fire",
    "resourceLabels": {"environment": "prod"}}}},
{"name": "//gkebackup.googleapis.com/projects/shop/locations/europe-west3/backupPlans/p", "assetType": "gkebackup.googleapis.com/BackupPlan",
  "resource": {"data": {"name": "projects/shop/locations/europe-west3/backupPlans/p",
    "cluster": "projects/shop/locations/europe-west3/clusters/dont-fire",
    "state": "READY"}}}]
]], [[
resource "google_container_cluster" "dont_fire" {
  name            = "dont_fire"
  location        = "europe-west3"
  resource_labels = { environment = "prod" }
}
resource "google_gke_backup_backup_plan" "p" {
  name     = "p"
  location = "europe-west3"
  cluster  = google_container_cluster.dont_fire.id
}]] },
    unknown = { [[
variable "cluster" {}
resource "google_container_cluster" "a" {
  name            = "a"
  location        = "europe-west3"
  resource_labels = { environment = "prod" }
}
resource "google_gke_backup_backup_plan" "p" {
  name     = "p"
  location = "europe-west3"
  cluster  = var.cluster
}]] },
  },
}
