local workloads = { "gcp.compute.instance", "gcp.function", "gcp.container.cluster" }
local wanted = { "cloudtrace.googleapis.com", "clouderrorreporting.googleapis.com" }

local function has_workloads(e)
  for _, kind in ipairs(workloads) do
    if #e:referrers(kind) > 0 then return true end
  end
  return false
end

return rule {
  id = "GCP-MON-002", title = "Trace or error reporting is not available to workloads",
  severity = "info", category = "logging",
  frameworks = { "NIST-800-53r5:AU-2", "PCI-DSS-4.0:10.2.1", "SOC2:CC7.2", "ISO27001-2022:A.8.15" },
  for_each = "gcp.project",
  where = function(e) return e.origin ~= "live" and has_workloads(e) end,
  description = [[Traces and collected errors show where a workload fails, and that it does.]],
  remediation = [[Enable `cloudtrace.googleapis.com` and `clouderrorreporting.googleapis.com` with `google_project_service`.]],
  references = { "https://cloud.google.com/trace/docs", "https://cloud.google.com/error-reporting/docs" },
  -- Where the code turns on no service of the project, they are turned on elsewhere.
  check = function(e)
    local on, any = {}, false
    for _, service in ipairs(e:referrers("gcp.project.service")) do
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
    fail = { [[
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
    pass = { [[
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
