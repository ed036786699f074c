local tags = lib "tags"

-- The folders of a project; second, whether it lies in one that is not in the scan.
local function folders_of(e)
  if e.origin ~= "live" then
    local folders = e:targets(e.raw.folder_id)
    return folders, #folders > 0 or e.folder ~= nil
  end
  local parent = e.raw.parent -- "folders/1"; before version 3 of the API {"type": "folder", "id": "1"}
  local found, name = {}, parent
  if type(parent) ~= "string" then name = parent and parent.type .. "s/" .. tostring(parent.id) or "" end
  for _, folder in ipairs(graph.all("gcp.folder")) do
    if folder.raw.name == name then found[1] = folder end
  end
  return found, starts(name, "folders/")
end

return rule {
  id = "GCP-IAM-011", title = "Project lies outside its environment folder",
  severity = "medium", category = "network",
  version = 2, changes = { "judged on live answers too" },
  frameworks = { "NIST-800-53r5:SC-7", "PCI-DSS-4.0:6.5.3", "SOC2:CC6.6", "ISO27001-2022:A.8.31" },
  for_each = "gcp.project",
  description = [[Policies and roles come down from folders: a project elsewhere has those of another environment, or none.]],
  remediation = [[Set `folder_id` to the folder of the project's environment.]],
  references = { "https://cloud.google.com/resource-manager/docs/cloud-platform-resource-hierarchy" },
  check = function(e)
    local folders, inside = folders_of(e)
    if #folders == 0 and not inside then
      return fail("project " .. e.name .. " lies in no folder", { case = "none" })
    end
    local own = tags.environment(e)
    if own == nil then return end
    for _, folder in ipairs(folders) do
      if folder.kind == "gcp.folder" and folder.name ~= nil then
        for _, word in ipairs(split(folder.name, "-")) do
          local environment = tags.normal(word)
          if environment ~= nil and environment ~= own then
            return fail("project " .. e.name .. " of " .. own .. " lies in the folder " .. folder.name, { case = "other" })
          end
        end
      end
    end
  end,
  tests = {
    fail = { assets [[
[{"name": "//cloudresourcemanager.googleapis.com/projects/123", "assetType": "cloudresourcemanager.googleapis.com/Project",
  "resource": {"data": {"projectNumber": "123",
    "projectId": "fire",
    "lifecycleState": "ACTIVE",
    "name": "fire",
    "parent": {"type": "organization", "id": "1"}}}}]
]], assets [[
[{"name": "//cloudresourcemanager.googleapis.com/folders/7", "assetType": "cloudresourcemanager.googleapis.com/Folder",
  "resource": {"data": {"name": "folders/7", "displayName": "production", "parent": "organizations/1", "lifecycleState": "ACTIVE"}}},
{"name": "//cloudresourcemanager.googleapis.com/projects/123", "assetType": "cloudresourcemanager.googleapis.com/Project",
  "resource": {"data": {"name": "projects/123",
    "projectId": "fire",
    "parent": "folders/7",
    "state": "ACTIVE",
    "labels": {"environment": "dev"}}}}]
]], [[
resource "google_project" "fire" {
  name       = "fire"
  project_id = "fire"
  org_id     = "1"
}]], [[
resource "google_folder" "f" {
  display_name = "production"
  parent       = "organizations/1"
}
resource "google_project" "fire" {
  name       = "fire"
  project_id = "fire"
  folder_id  = google_folder.f.name
  labels     = { environment = "dev" }
}]] },
    pass = { assets [[
[{"name": "//cloudresourcemanager.googleapis.com/folders/7", "assetType": "cloudresourcemanager.googleapis.com/Folder",
  "resource": {"data": {"name": "folders/7", "displayName": "production", "parent": "organizations/1", "lifecycleState": "ACTIVE"}}},
{"name": "//cloudresourcemanager.googleapis.com/projects/123", "assetType": "cloudresourcemanager.googleapis.com/Project",
  "resource": {"data": {"projectNumber": "123",
    "projectId": "dont-fire",
    "lifecycleState": "ACTIVE",
    "name": "dont-fire",
    "parent": {"type": "folder", "id": "7"},
    "labels": {"environment": "prod"}}}}]
]], [[
resource "google_folder" "f" {
  display_name = "production"
  parent       = "organizations/1"
}
resource "google_project" "dont_fire" {
  name       = "dont_fire"
  project_id = "dont_fire"
  folder_id  = google_folder.f.name
  labels     = { environment = "prod" }
}]] },
    unknown = { [[
variable "folder" {}
resource "google_project" "a" {
  name       = "a"
  project_id = "a"
  folder_id  = var.folder
}]] },
  },
}
