local gcp = lib "gcp"

-- Sinks of folders and organisations that include what is below, and those that name no project: that of the provider.
local function common()
  return once("gcp common sinks", function()
    local found = {}
    for _, sink in ipairs(graph.all("gcp.logging.sink")) do
      if sink.type ~= "google_logging_project_sink" then
        if not known(sink.children) or sink.children then found[#found + 1] = sink end
      elseif known(sink.raw.project) and sink.raw.project == nil then
        found[#found + 1] = sink
      end
    end
    return found
  end)
end

-- Whether a sink without a filter covers a project; second, whether any sink does.
local function exported(e)
  local any = false
  -- Each project has the sinks _Required and _Default, which only keep a part of its logs in it.
  local function live_sinks()
    local found = {}
    for _, sink in ipairs(graph.all("gcp.logging.sink")) do
      if (gcp.in_project(sink, e) or sink.children) and not one_of(sink.name, "_Required", "_Default") then found[#found + 1] = sink end
    end
    return found
  end
  local function covers(sinks)
    for _, sink in ipairs(sinks) do
      if sink.kind == "gcp.logging.sink" then
        any = true
        if sink.filter == "" and not sink.disabled then return true end
      end
    end
    return false
  end
  if e.origin == "live" then return covers(live_sinks()), any end
  return covers(e:edges_to("attached_to")) or covers(common()), any
end

return rule {
  id = "GCP-LOG-002", title = "Project exports its logs nowhere",
  severity = "medium", category = "logging",
  version = 2, changes = { "judged on live answers too" },
  frameworks = { "CIS-GCP-3.0:2.2", "NIST-800-53r5:AU-2", "PCI-DSS-4.0:10.2.1", "SOC2:CC7.2", "ISO27001-2022:A.8.15" },
  for_each = "gcp.project",
  description = [[Logs that stay in the project go with it, and are kept for a month.]],
  remediation = [[Add a `google_logging_project_sink` without a filter, or one of the organisation with `include_children = true`.]],
  references = { "https://cloud.google.com/logging/docs/export" },
  -- A project under an organisation may well be covered by a sink of that organisation.
  check = function(e)
    local all, any = exported(e)
    if all then return end
    if e.origin == "live" and e.raw.parent ~= nil and #graph.all("gcp.organization") == 0 then
      unknown("the sinks of the organisation are outside the scan")
    end
    if any then return fail("the sinks of project " .. e.name .. " export a part of its logs", { case = "filter" }) end
    if e.origin ~= "live"
      and (#e:targets(e.raw.folder_id) > 0 or #e:targets(e.raw.org_id) > 0 or e.folder ~= nil or e.organization ~= nil) then
      unknown("the sinks of the organisation are outside the scan")
    end
    return fail("project " .. e.name .. " exports its logs nowhere", { case = "none" })
  end,
  tests = {
    fail = { assets [[
[{"name": "//cloudresourcemanager.googleapis.com/projects/123", "assetType": "cloudresourcemanager.googleapis.com/Project",
  "resource": {"data": {"projectNumber": "123", "projectId": "shop", "lifecycleState": "ACTIVE", "name": "shop"}}},
{"name": "//logging.googleapis.com/projects/shop/sinks/_Default", "assetType": "logging.googleapis.com/LogSink",
  "resource": {"data": {"name": "_Default",
    "destination": "logging.googleapis.com/projects/logs/locations/global/buckets/all",
    "filter": "NOT LOG_ID(\"cloudaudit.googleapis.com/activity\")"}}}]
]], [[
resource "google_project" "fire" {
  name       = "fire"
  project_id = "fire"
}]], [[
resource "google_project" "fire" {
  name       = "fire"
  project_id = "fire"
}
resource "google_logging_project_sink" "s" {
  name        = "s"
  project     = google_project.fire.project_id
  destination = "logging.googleapis.com/projects/x/locations/global/buckets/b"
  filter      = "severity >= ERROR"
}]] },
    pass = { assets [[
[{"name": "//cloudresourcemanager.googleapis.com/projects/123", "assetType": "cloudresourcemanager.googleapis.com/Project",
  "resource": {"data": {"projectNumber": "123", "projectId": "shop", "lifecycleState": "ACTIVE", "name": "shop"}}},
{"name": "//logging.googleapis.com/projects/shop/sinks/_Default", "assetType": "logging.googleapis.com/LogSink",
  "resource": {"data": {"name": "_Default",
    "destination": "logging.googleapis.com/projects/logs/locations/global/buckets/all",
    "filter": "NOT LOG_ID(\"cloudaudit.googleapis.com/activity\")"}}},
{"name": "//logging.googleapis.com/projects/shop/sinks/all", "assetType": "logging.googleapis.com/LogSink",
  "resource": {"data": {"name": "all", "destination": "logging.googleapis.com/projects/logs/locations/global/buckets/all"}}}]
]], [[
resource "google_project" "dont_fire" {
  name       = "dont_fire"
  project_id = "dont_fire"
}
resource "google_logging_project_sink" "s" {
  name        = "s"
  project     = google_project.dont_fire.project_id
  destination = "logging.googleapis.com/projects/x/locations/global/buckets/b"
}]] },
    unknown = { assets [[
[{"name": "//cloudresourcemanager.googleapis.com/projects/123", "assetType": "cloudresourcemanager.googleapis.com/Project",
  "resource": {"data": {"projectNumber": "123",
    "projectId": "shop",
    "lifecycleState": "ACTIVE",
    "name": "shop",
    "parent": {"type": "organization", "id": "1"}}}},
{"name": "//logging.googleapis.com/projects/shop/sinks/_Default", "assetType": "logging.googleapis.com/LogSink",
  "resource": {"data": {"name": "_Default",
    "destination": "logging.googleapis.com/projects/logs/locations/global/buckets/all",
    "filter": "NOT LOG_ID(\"cloudaudit.googleapis.com/activity\")"}}}]
]], [[
resource "google_project" "a" {
  name       = "a"
  project_id = "a"
  org_id     = "1"
}]] },
  },
}
