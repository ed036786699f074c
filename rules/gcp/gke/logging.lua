local what = {
  logging = { "logging", "does not keep logs" },
  monitoring = { "monitoring", "is not monitored" },
}

return rule {
  id = "GCP-GKE-012", title = "Cluster logging or monitoring is off",
  severity = "medium", category = "logging",
  aliases = { CKV_GCP_1 = "logging", ["AVD-GCP-0060"] = "logging", CKV_GCP_8 = "monitoring", ["AVD-GCP-0052"] = "monitoring" },
  frameworks = { "NIST-800-53r5:AU-2", "PCI-DSS-4.0:10.2.1", "SOC2:CC7.2", "ISO27001-2022:A.8.15" },
  for_each = "gcp.container.cluster",
  description = [[Without logs and metrics, nobody sees what happened in the cluster, or that it stopped.]],
  remediation = [[Remove `logging_service` and `monitoring_service` (both are on by default), or name components in `logging_config` and
`monitoring_config`.]],
  references = { "https://cloud.google.com/kubernetes-engine/docs/concepts/about-logs" },
  -- Other values than the default were the services before Kubernetes had its own; they are judged as Trivy does.
  check = function(e)
    return each({ "logging", "monitoring" }, function(case)
      local part = case == "logging" and e.logging or e.monitoring
      if part.components ~= nil and #list(part.components) == 0 then
        return fail("cluster " .. e.name .. " " .. what[case][2], { case = case, at = case .. ".components" })
      end
      if part.components ~= nil then return end
      if not one_of(part.service, case .. ".googleapis.com/kubernetes", "") then
        return fail("cluster " .. e.name .. " " .. what[case][2] .. " (" .. part.service .. ")", { case = case, at = case .. ".service" })
      end
    end)
  end,
  fix = { set("logging.service", "logging.googleapis.com/kubernetes", "logging"),
    set("monitoring.service", "monitoring.googleapis.com/kubernetes", "monitoring") },
  tests = {
    fail = { assets [[
[{"name": "//container.googleapis.com/projects/shop/locations/europe-west3/clusters/fire", "assetType": "container.googleapis.com/Cluster",
  "resource": {"data": {"name": "fire",
    "location": "europe-west3",
    "selfLink": "https://container.googleapis.com/v1/projects/shop/locations/europe-west3/clusters/fire",
    "loggingService": "none",
    "monitoringService": "none",
    "loggingConfig": {"componentConfig": {}},
    "monitoringConfig": {"componentConfig": {}}}}}]
]], [[
resource "google_container_cluster" "fire" {
  name            = "fire"
  logging_service = "none"
}]], [[
resource "google_container_cluster" "fire" {
  name               = "fire"
  monitoring_service = "none"
}]], [[
resource "google_container_cluster" "fire" {
  name = "fire"
  monitoring_config { enable_components = [] }
}]] },
    pass = { assets [[
[{"name": "//container.googleapis.com/projects/shop/locations/europe-west3/clusters/dont-fire", "assetType": "container.googleapis.com/Cluster",
  "resource": {"data": {"name": "dont-fire",
    "location": "europe-west3",
    "selfLink": "https://container.googleapis.com/v1/projects/shop/locations/europe-west3/clusters/dont-fire",
    "loggingService": "logging.googleapis.com/kubernetes",
    "monitoringService": "monitoring.googleapis.com/kubernetes",
    "loggingConfig": {"componentConfig": {"enableComponents": ["SYSTEM_COMPONENTS", "WORKLOADS"]}},
    "monitoringConfig": {"componentConfig": {"enableComponents": ["SYSTEM_COMPONENTS"]}}}}}]
]], [[
resource "google_container_cluster" "dont_fire" { name = "dont_fire" }]], [[
resource "google_container_cluster" "dont_fire" {
  name = "dont_fire"
  logging_config { enable_components = ["SYSTEM_COMPONENTS", "WORKLOADS"] }
}]] },
    unknown = { [[
variable "service" {}
resource "google_container_cluster" "a" {
  name            = "a"
  logging_service = var.service
}]] },
  },
}
