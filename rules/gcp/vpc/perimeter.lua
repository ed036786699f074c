local gcp, tags = lib "gcp", lib "tags"

local stores = { "gcp.storage.bucket", "gcp.sql.instance", "gcp.kms.key", "gcp.bigtable.instance", "gcp.secret" }

-- A project holds classified data when its own label says so, or that of a store in it.
local function classified(project)
  if tags.sensitive(project) then return true end
  if project.origin == "live" then
    for _, kind in ipairs(stores) do
      for _, store in ipairs(graph.all(kind)) do
        if gcp.in_project(store, project) and tags.sensitive(store) then return true end
      end
    end
    return false
  end
  for _, kind in ipairs(stores) do
    for _, store in ipairs(project:referrers(kind)) do
      if known(store.tags) and tags.sensitive(store) then return true end
    end
  end
  return false
end

local function number_of(project)
  if project.origin == "live" then return gcp.project_number(project) end
  return known(project.raw.number) and project.raw.number or nil
end

-- Whether a list of resources names the project: true, false, or nil when it cannot be known.
local function names(perimeter, resources, project)
  local open = false
  for i = 1, #resources do
    for _, target in ipairs(perimeter:targets(resources[i])) do
      if target.address == project.address then return true end
    end
    if not known(resources[i]) then
      open = open or #perimeter:targets(resources[i]) == 0
    elseif number_of(project) ~= nil and resources[i] == "projects/" .. tostring(number_of(project)) then
      return true
    end
  end
  if open then return nil end
  return false
end

local function member(project)
  local open = false
  -- Perimeters are the organisation's: a project's own answers do not show them.
  if project.origin == "live" and #graph.all("gcp.perimeter") == 0 then unknown("the perimeters of the organisation are outside the scan") end
  for _, perimeter in ipairs(graph.all("gcp.perimeter")) do
    if not known(perimeter.resources) then
      open = true
    else
      local found = names(perimeter, list(perimeter.resources), project)
      if found then return true end
      if found == nil then open = true end
    end
    for _, extra in ipairs(perimeter:satellites("resource")) do
      for _, target in ipairs(extra:targets(extra.raw.resource)) do
        if target.address == project.address then return true end
      end
    end
  end
  if open then unknown("the projects of a perimeter are not known") end
  return false
end

return rule {
  id = "GCP-VPC-010", title = "Sensitive services sit outside a service perimeter",
  severity = "medium", category = "network",
  version = 2, changes = { "judged on live answers too" },
  frameworks = { "NIST-800-53r5:AC-4", "PCI-DSS-4.0:1.3.2", "SOC2:CC6.7", "ISO27001-2022:A.8.12" },
  for_each = { "gcp.project", "gcp.perimeter" },
  where = function(e) return e.kind == "gcp.perimeter" or not known(e.tags) or classified(e) end,
  description = [[Without a perimeter, stolen credentials read classified data from any network.]],
  remediation = [[Add the project to the `status.resources` of a `google_access_context_manager_service_perimeter`.]],
  references = { "https://cloud.google.com/vpc-service-controls/docs/overview" },
  check = function(e)
    if e.kind == "gcp.perimeter" then
      if #list(e.status) == 0 then
        return fail("perimeter " .. e.name .. " only reports what it would refuse", { case = "dry-run", at = "dry_run" })
      end
      return
    end
    if not classified(e) then return end
    if not member(e) then return fail("project " .. e.name .. " holds classified data and is in no perimeter", { case = "project" }) end
  end,
  tests = {
    fail = { assets [[
[{"name": "//accesscontextmanager.googleapis.com/accessPolicies/1/servicePerimeters/p", "assetType": "accesscontextmanager.googleapis.com/ServicePerimeter",
  "resource": {"data": {"name": "accessPolicies/1/servicePerimeters/p",
    "title": "p",
    "status": {"resources": ["projects/123"], "restrictedServices": ["storage.googleapis.com"]}}}},
{"name": "//cloudresourcemanager.googleapis.com/projects/456", "assetType": "cloudresourcemanager.googleapis.com/Project",
  "resource": {"data": {"projectNumber": "456",
    "projectId": "fire",
    "lifecycleState": "ACTIVE",
    "name": "fire",
    "labels": {"data-classification": "confidential"}}}}]
]], [[
resource "google_project" "fire" {
  name       = "fire"
  project_id = "fire"
  labels     = { data-classification = "confidential" }
}]], [[
resource "google_access_context_manager_service_perimeter" "fire" {
  parent                    = "accessPolicies/1"
  name                      = "accessPolicies/1/servicePerimeters/p"
  title                     = "p"
  use_explicit_dry_run_spec = true
  spec { restricted_services = ["storage.googleapis.com"] }
}]] },
    pass = { assets [[
[{"name": "//accesscontextmanager.googleapis.com/accessPolicies/1/servicePerimeters/p", "assetType": "accesscontextmanager.googleapis.com/ServicePerimeter",
  "resource": {"data": {"name": "accessPolicies/1/servicePerimeters/p",
    "title": "p",
    "status": {"resources": ["projects/123"], "restrictedServices": ["storage.googleapis.com"]}}}},
{"name": "//cloudresourcemanager.googleapis.com/projects/123", "assetType": "cloudresourcemanager.googleapis.com/Project",
  "resource": {"data": {"projectNumber": "123",
    "projectId": "dont-fire",
    "lifecycleState": "ACTIVE",
    "name": "dont-fire",
    "labels": {"data-classification": "confidential"}}}}]
]], [[
resource "google_project" "dont_fire" {
  name       = "dont_fire"
  project_id = "dont_fire"
  labels     = { data-classification = "confidential" }
}
resource "google_access_context_manager_service_perimeter" "dont_fire" {
  parent = "accessPolicies/1"
  name   = "accessPolicies/1/servicePerimeters/p"
  title  = "p"
  status {
    restricted_services = ["storage.googleapis.com"]
    resources           = ["projects/${google_project.dont_fire.number}"]
  }
}]] },
    unknown = { assets [[
[{"name": "//cloudresourcemanager.googleapis.com/projects/123", "assetType": "cloudresourcemanager.googleapis.com/Project",
  "resource": {"data": {"projectNumber": "123",
    "projectId": "a",
    "lifecycleState": "ACTIVE",
    "name": "a",
    "labels": {"data-classification": "confidential"}}}}]
]], [[
variable "projects" { type = list(string) }
resource "google_project" "a" {
  name       = "a"
  project_id = "a"
  labels     = { data-classification = "confidential" }
}
resource "google_access_context_manager_service_perimeter" "p" {
  parent = "accessPolicies/1"
  name   = "accessPolicies/1/servicePerimeters/p"
  title  = "p"
  status { resources = var.projects }
}]] },
  },
}
