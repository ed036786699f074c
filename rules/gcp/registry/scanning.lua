local scanners = { "containerscanning.googleapis.com", "containeranalysis.googleapis.com", "ondemandscanning.googleapis.com" }

-- "on", "off", "open" (some service is not known), or "none" where the unit turns on no service at all.
local function scanner()
  return once("gcp scanner", function()
    local state = "none"
    for _, service in ipairs(graph.all("gcp.project.service")) do
      if state == "none" then state = "off" end
      for _, name in ipairs(scanners) do
        if not known(service.service) then
          state = "open"
        elseif service.service == name then
          return "on"
        end
        if known(service.services) and service.type == "google_project_services" and has(list(service.services), name) then return "on" end
      end
    end
    return state
  end)
end

return rule {
  id = "GCP-AR-003", title = "Images are not scanned for vulnerabilities",
  severity = "medium", category = "supply-chain",
  version = 2, changes = { "live repositories that cannot be scanned themselves pass" },
  aliases = { CKV2_GCP_11 = "services" },
  frameworks = { "NIST-800-53r5:RA-5", "PCI-DSS-4.0:6.3.1", "SOC2:CC7.1", "ISO27001-2022:A.8.8" },
  for_each = { "gcp.registry.repository", "gcp.project.service" },
  where = function(e)
    if e.kind == "gcp.project.service" then return e.type == "google_project_services" end
    return not known(e.format) or e.format == "DOCKER"
  end,
  description = [[Images age: what was sound when it was built has known holes a month later.]],
  remediation = [[Enable `containerscanning.googleapis.com` in a `google_project_service`.]],
  references = { "https://cloud.google.com/artifact-analysis/docs/container-scanning-overview" },
  -- Where the code turns on no service at all, they are turned on elsewhere.
  check = function(e)
    if e.kind == "gcp.project.service" then
      if not has(list(e.services), scanners[1]) then
        return fail("the services of the project lack " .. scanners[1], { case = "services", at = "services" })
      end
      return
    end
    if e.format ~= "DOCKER" then return end
    if e.scanning == "DISABLED" then
      return fail("images of repository " .. e.name .. " are not scanned", { case = "repository", at = "scanning" })
    end
    if e.origin == "live" then
      -- Virtual and remote repositories are not scanned themselves (SCANNING_UNSUPPORTED).
      if e.scanning_state == nil then unknown("the answer does not say whether images are scanned") end
      if e.scanning_state == "SCANNING_DISABLED" then
        return fail("images of repository " .. e.name .. " are not scanned", { case = "repository", at = "scanning_state" })
      end
      return
    end
    local state = scanner()
    if state == "on" then return end
    if state == "none" then unknown("the services of the project are turned on outside the scan") end
    if state == "open" then unknown("the services that are turned on are not known") end
    return fail("images of repository " .. e.name .. " are not scanned: no scanner is turned on", { case = "repository" })
  end,
  tests = {
    fail = { assets [[
[{"name": "//artifactregistry.googleapis.com/projects/shop/locations/europe-west3/repositories/fire", "assetType": "artifactregistry.googleapis.com/Repository",
  "resource": {"data": {"name": "projects/shop/locations/europe-west3/repositories/fire",
    "format": "DOCKER",
    "mode": "STANDARD_REPOSITORY",
    "vulnerabilityScanningConfig": {"enablementState": "SCANNING_DISABLED",
      "enablementStateReason": "API containerscanning.googleapis.com is not enabled."}}}}]
]], [[
resource "google_artifact_registry_repository" "fire" {
  repository_id = "fire"
  format        = "DOCKER"
}
resource "google_project_service" "s" { service = "artifactregistry.googleapis.com" }]], [[
resource "google_project_services" "fire" { services = ["iam.googleapis.com"] }]] },
    pass = { assets [[
[{"name": "//artifactregistry.googleapis.com/projects/shop/locations/europe-west3/repositories/dont-fire", "assetType": "artifactregistry.googleapis.com/Repository",
  "resource": {"data": {"name": "projects/shop/locations/europe-west3/repositories/dont-fire",
    "format": "DOCKER",
    "mode": "STANDARD_REPOSITORY",
    "vulnerabilityScanningConfig": {"enablementState": "SCANNING_ACTIVE", "enablementStateReason": ""}}}}]
]], [[
resource "google_artifact_registry_repository" "dont_fire" {
  repository_id = "dont_fire"
  format        = "DOCKER"
}
resource "google_project_service" "s" { service = "containerscanning.googleapis.com" }]] },
    unknown = { assets [[
[{"name": "//artifactregistry.googleapis.com/projects/shop/locations/europe-west3/repositories/a", "assetType": "artifactregistry.googleapis.com/Repository",
  "resource": {"data": {"name": "projects/shop/locations/europe-west3/repositories/a",
    "format": "DOCKER",
    "mode": "STANDARD_REPOSITORY"}}}]
]], [[
resource "google_artifact_registry_repository" "a" {
  repository_id = "a"
  format        = "DOCKER"
}]] },
  },
}
