local tags = lib "tags"

return rule {
  id = "GCP-IAM-011", title = "Project lies outside its environment folder",
  severity = "medium", category = "network",
  frameworks = { "NIST-800-53r5:SC-7", "PCI-DSS-4.0:6.5.3", "SOC2:CC6.6", "ISO27001-2022:A.8.31" },
  for_each = "gcp.project",
  where = function(e) return e.origin ~= "live" end,
  description = [[Policies and roles come down from folders: a project elsewhere has those of another environment, or none.]],
  remediation = [[Set `folder_id` to the folder of the project's environment.]],
  references = { "https://cloud.google.com/resource-manager/docs/cloud-platform-resource-hierarchy" },
  check = function(e)
    local folders = e:targets(e.raw.folder_id)
    if #folders == 0 and e.folder == nil then
      return fail("project " .. e.name .. " lies in no folder", { case = "none" })
    end
    local own = tags.environment(e)
    if own == nil then return end
    for _, folder in ipairs(folders) do
      if folder.kind == "gcp.folder" and folder.raw.display_name ~= nil then
        for _, word in ipairs(split(folder.raw.display_name, "-")) do
          local environment = tags.normal(word)
          if environment ~= nil and environment ~= own then
            return fail("project " .. e.name .. " of " .. own .. " lies in the folder " .. folder.raw.display_name, { case = "other" })
          end
        end
      end
    end
  end,
  tests = {
    fail = { [[
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
    pass = { [[
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
