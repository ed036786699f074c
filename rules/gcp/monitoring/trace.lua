local gcp = lib "gcp"

local workloads = { "gcp.compute.instance", "gcp.function", "gcp.container.cluster" }
local wanted = { "cloudtrace.googleapis.com", "clouderrorreporting.googleapis.com" }

local function has_workloads(e)
  for _, kind in ipairs(workloads) do
    if e.origin == "live" then
      for _, workload in ipairs(graph.all(kind)) do
        if gcp.in_project(workload, e) then return true end
      end
    end
    if #e:referrers(kind) > 0 then return true end
  end
  return false
end

local function services(e)
  if e.origin ~= "live" then return e:referrers("gcp.project.service") end
  local found = {}
  for _, service in ipairs(graph.all("gcp.project.service")) do
    if gcp.in_project(service, e) then found[#found + 1] = service end
  end
  return found
end

return rule {
  id = "GCP-MON-002", title = "Trace or error reporting is not available to workloads",
  severity = "info", category = "logging",
  version = 2, changes = { "judged on live answers too" },
  frameworks = { "NIST-800-53r5:AU-2", "PCI-DSS-4.0:10.2.1", "SOC2:CC7.2", "ISO27001-2022:A.8.15" },
  for_each = "gcp.project",
  where = function(e) return has_workloads(e) end,
  description = [[Traces and collected errors show where a workload fails, and that it does.]],
  remediation = [[Enable `cloudtrace.googleapis.com` and `clouderrorreporting.googleapis.com` with `google_project_service`.]],
  references = { "https://cloud.google.com/trace/docs", "https://cloud.google.com/error-reporting/docs" },
  -- Where the code turns on no service of the project, they are turned on elsewhere.
  check = function(e)
    local on, any = {}, false
    for _, service in ipairs(services(e)) do
      any = true
      if service.service ~= nil then on[service.service] = true end
    end
    if not any then unknown("the services of the project are turned on outside the scan") end
    local missing = {}
    for _, name in ipairs(wanted) do
      if not on[name] then missing[#missing + 1] = name end
    end
    if #missing > 0 then return fail("project " .. e.name .. " has workloads and lacks " .. table.concat(missing, " and ")) end
  end,
  tests = {
    fail = { assets [[
[{"name": "//cloudresourcemanager.googleapis.com/projects/123", "assetType": "cloudresourcemanager.googleapis.com/Project",
  "resource": {"data": {"name": "projects/123", "projectId": "shop", "state": "ACTIVE"}}},
{"name": "//compute.googleapis.com/projects/shop/zones/europe-west3-a/instances/vm", "assetType": "compute.googleapis.com/Instance",
  "resource": {"data": {"name": "vm",
    "selfLink": "https://www.googleapis.com/compute/v1/projects/shop/zones/europe-west3-a/instances/vm",
    "status": "RUNNING"}}},
{"name": "//serviceusage.googleapis.com/projects/123/services/compute.googleapis.com", "assetType": "serviceusage.googleapis.com/Service",
  "resource": {"data": {"name": "projects/123/services/compute.googleapis.com",
    "parent": "projects/123",
    "state": "ENABLED",
    "config": {"name": "compute.googleapis.com"}}}}]
]], [[
resource "google_project" "fire" {
  name       = "fire"
  project_id = "fire"
}
resource "google_compute_instance" "i" {
  name    = "i"
  project = google_project.fire.project_id
}
resource "google_project_service" "s" {
  project = google_project.fire.project_id
  service = "compute.googleapis.com"
}]] },
    pass = { assets [[
[{"name": "//cloudresourcemanager.googleapis.com/projects/123", "assetType": "cloudresourcemanager.googleapis.com/Project",
  "resource": {"data": {"name": "projects/123", "projectId": "shop", "state": "ACTIVE"}}},
{"name": "//compute.googleapis.com/projects/shop/zones/europe-west3-a/instances/vm", "assetType": "compute.googleapis.com/Instance",
  "resource": {"data": {"name": "vm",
    "selfLink": "https://www.googleapis.com/compute/v1/projects/shop/zones/europe-west3-a/instances/vm",
    "status": "RUNNING"}}},
{"name": "//serviceusage.googleapis.com/projects/123/services/cloudtrace.googleapis.com", "assetType": "serviceusage.googleapis.com/Service",
  "resource": {"data": {"name": "projects/123/services/cloudtrace.googleapis.com",
    "parent": "projects/123",
    "state": "ENABLED",
    "config": {"name": "cloudtrace.googleapis.com"}}}},
{"name": "//serviceusage.googleapis.com/projects/123/services/clouderrorreporting.googleapis.com", "assetType": "serviceusage.googleapis.com/Service",
  "resource": {"data": {"name": "projects/123/services/clouderrorreporting.googleapis.com",
    "parent": "projects/123",
    "state": "ENABLED",
    "config": {"name": "clouderrorreporting.googleapis.com"}}}}]
]], [[
resource "google_project" "dont_fire" {
  name       = "dont_fire"
  project_id = "dont_fire"
}
resource "google_compute_instance" "i" {
  name    = "i"
  project = google_project.dont_fire.project_id
}
resource "google_project_service" "s" {
  for_each = toset(["cloudtrace.googleapis.com", "clouderrorreporting.googleapis.com"])
  project  = google_project.dont_fire.project_id
  service  = each.value
}]] },
    unknown = { [[
resource "google_project" "a" {
  name       = "a"
  project_id = "a"
}
resource "google_compute_instance" "i" {
  name    = "i"
  project = google_project.a.project_id
}]] },
  },
}
