local http = { "HTTP", "HTTPS", "HTTP2", "H2C", "GRPC" }

-- Functions, services of Cloud Run and hosts of the internet have no health checks.
local function serverless(e)
  for _, backend in ipairs(list(e.backends)) do
    local targets = e:targets(backend.group)
    for _, target in ipairs(targets) do
      if target.kind == "gcp.lb.endpoint_group" then return true end
    end
    if #targets == 0 and match(backend.group or "", "/networkEndpointGroups/") then
      unknown("the endpoint group of the backend is outside the scan")
    end
  end
  return false
end

return rule {
  id = "GCP-LB-003", title = "Backend keeps no request log or has no health check",
  severity = "low", category = "logging",
  version = 2, changes = { "a backend whose endpoint group is outside the scan is unknown" },
  frameworks = { "CIS-GCP-3.0:2.16", "NIST-800-53r5:AU-2", "PCI-DSS-4.0:10.2.1", "SOC2:CC7.2", "ISO27001-2022:A.8.15" },
  for_each = "gcp.lb.backend_service",
  description = [[Without a request log nobody sees who asked for what; without a health check requests go to dead backends.]],
  remediation = [[Add `log_config { enable = true }` and `health_checks`.]],
  references = { "https://cloud.google.com/load-balancing/docs/https/https-logging-monitoring" },
  check = function(e)
    return each({ "log", "health" }, function(case)
      if case == "log" then
        if has(http, e.protocol) and not one_of(e.scheme, "INTERNAL_SELF_MANAGED") and not e.log.enabled then
          return fail("backend " .. e.name .. " keeps no log of requests", { case = case, at = "log.enabled" })
        end
      elseif known(e.health_checks) and #list(e.health_checks) == 0 and #list(e.backends) > 0 and not serverless(e) then
        return fail("backend " .. e.name .. " has no health check", { case = case, at = "health_checks" })
      end
    end)
  end,
  fix = set("log.enabled", true, "log"),
  tests = {
    fail = { assets [[
[{"name": "//compute.googleapis.com/projects/shop/global/backendServices/fire", "assetType": "compute.googleapis.com/BackendService",
  "resource": {"data": {"name": "fire",
    "selfLink": "https://www.googleapis.com/compute/v1/projects/shop/global/backendServices/fire",
    "loadBalancingScheme": "EXTERNAL_MANAGED",
    "protocol": "HTTPS",
    "backends": [{"group": "https://www.googleapis.com/compute/v1/projects/shop/zones/europe-west3-a/instanceGroups/g"}]}}}]
]], [[
resource "google_compute_backend_service" "fire" {
  name          = "fire"
  health_checks = ["h"]
}]], [[
resource "google_compute_backend_service" "fire" {
  name = "fire"
  log_config { enable = true }
  backend { group = "g" }
}]] },
    pass = { assets [[
[{"name": "//compute.googleapis.com/projects/shop/global/backendServices/dont-fire", "assetType": "compute.googleapis.com/BackendService",
  "resource": {"data": {"name": "dont-fire",
    "selfLink": "https://www.googleapis.com/compute/v1/projects/shop/global/backendServices/dont-fire",
    "loadBalancingScheme": "EXTERNAL_MANAGED",
    "protocol": "HTTPS",
    "logConfig": {"enable": true, "sampleRate": 1.0},
    "backends": [{"group": "https://www.googleapis.com/compute/v1/projects/shop/zones/europe-west3-a/instanceGroups/g"}],
    "healthChecks": ["https://www.googleapis.com/compute/v1/projects/shop/global/healthChecks/h"]}}},
{"name": "//compute.googleapis.com/projects/shop/regions/europe-west3/networkEndpointGroups/run", "assetType": "compute.googleapis.com/NetworkEndpointGroup",
  "resource": {"data": {"name": "run",
    "selfLink": "https://www.googleapis.com/compute/v1/projects/shop/regions/europe-west3/networkEndpointGroups/run",
    "networkEndpointType": "SERVERLESS",
    "region": "https://www.googleapis.com/compute/v1/projects/shop/regions/europe-west3"}}},
{"name": "//compute.googleapis.com/projects/shop/global/backendServices/dont-fire-2", "assetType": "compute.googleapis.com/BackendService",
  "resource": {"data": {"name": "dont-fire-2",
    "selfLink": "https://www.googleapis.com/compute/v1/projects/shop/global/backendServices/dont-fire-2",
    "loadBalancingScheme": "EXTERNAL_MANAGED",
    "protocol": "HTTPS",
    "logConfig": {"enable": true},
    "backends": [{"group": "https://www.googleapis.com/compute/v1/projects/shop/regions/europe-west3/networkEndpointGroups/run"}]}}}]
]], [[
resource "google_compute_health_check" "h" { name = "h" }
resource "google_compute_backend_service" "dont_fire" {
  name          = "dont_fire"
  health_checks = [google_compute_health_check.h.id]
  log_config { enable = true }
  backend { group = "g" }
}]], [[
resource "google_compute_region_network_endpoint_group" "g" {
  name                  = "g"
  network_endpoint_type = "SERVERLESS"
  cloud_run { service = "s" }
}
resource "google_compute_backend_service" "dont_fire" {
  name = "dont_fire"
  log_config { enable = true }
  backend { group = google_compute_region_network_endpoint_group.g.id }
}]] },
    unknown = { [[
variable "log" { type = bool }
resource "google_compute_backend_service" "a" {
  name          = "a"
  health_checks = ["h"]
  log_config { enable = var.log }
}]] },
  },
}
