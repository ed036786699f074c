local wanted = { "ADMIN_READ", "DATA_READ", "DATA_WRITE" }

-- Audit configurations that hold for a project: its own, and those of a folder or an organisation in the scan.
local function configs(project)
  local found = {}
  for _, config in ipairs(project:satellites("audit")) do found[#found + 1] = config end
  local above = once("gcp audit configs above projects", function()
    local all = {}
    for _, config in ipairs(graph.all("gcp.iam.audit_config")) do
      if config.origin == "live" or config.type ~= "google_project_iam_audit_config" then all[#all + 1] = config end
    end
    return all
  end)
  for _, config in ipairs(above) do
    local of_project = config.type == "google_project_iam_audit_config"
    if not of_project or config.raw.project == project.raw.projectId then found[#found + 1] = config end
  end
  return found
end

local function exempts(config)
  for _, log in ipairs(list(config.logs)) do
    if #list(log.exempted_members) > 0 then return log end
  end
end

-- What an organisation or a folder outside the scan audits holds for the project too. Code says what it means to set up; a live project
-- shows its own policy alone.
local function may_inherit(project)
  return project.origin == "live" and project.raw.parent ~= nil and #graph.all("gcp.organization") == 0
end

return rule {
  id = "GCP-IAM-009", title = "Data access is not audited for every service and user",
  severity = "medium", category = "logging",
  version = 2, changes = { "judged on live answers too" },
  aliases = { CKV2_GCP_5 = { "missing", "exempt" }, ["AVD-GCP-0079"] = { "missing", "types" } },
  frameworks = { "CIS-GCP-3.0:2.1", "NIST-800-53r5:AU-2", "PCI-DSS-4.0:10.2.1", "SOC2:CC7.2", "ISO27001-2022:A.8.15" },
  for_each = { "gcp.project", "gcp.iam.audit_config" },
  where = function(e)
    if e.kind == "gcp.project" then return true end
    return not known(e.service) or e.service == "allServices"
  end,
  description = [[Reads and writes of data leave no trace by default: nobody can tell afterwards what was taken.]],
  remediation = [[Add a `google_project_iam_audit_config` for `allServices` with ADMIN_READ, DATA_READ and DATA_WRITE, without exemptions.]],
  references = { "https://cloud.google.com/logging/docs/audit/configure-data-access" },
  check = function(e)
    if e.kind == "gcp.iam.audit_config" then
      -- That of a project in the scan is judged with it.
      if e.service ~= "allServices" or #e:targets(e.raw.project) > 0 then return end
      if e.origin == "live" and e.type == "google_project_iam_audit_config" and #graph.all("gcp.project") > 0 then return end
      local log = exempts(e)
      if log ~= nil then return fail("the audit configuration leaves out " .. log.exempted_members[1], { case = "exempt", at = log }) end
      return
    end
    local all = false
    local types = {}
    for _, config in ipairs(configs(e)) do
      if config.service == "allServices" then
        all = true
        for _, log in ipairs(list(config.logs)) do types[log.log_type] = true end
      end
    end
    for _, config in ipairs(configs(e)) do
      local log = exempts(config)
      if config.service == "allServices" and log ~= nil then
        return fail("the audit configuration of project " .. e.name .. " leaves out " .. log.exempted_members[1], { case = "exempt", at = log })
      end
    end
    for _, name in ipairs(wanted) do
      if not types[name] and may_inherit(e) then unknown("the audit configuration of the organisation is outside the scan") end
    end
    if not all then return fail("access to data in project " .. e.name .. " is not audited for all services", { case = "missing" }) end
    for _, name in ipairs(wanted) do
      if not types[name] then return fail("the audit configuration of project " .. e.name .. " lacks " .. name, { case = "types" }) end
    end
  end,
  tests = {
    fail = { assets [[
[{"name": "//cloudresourcemanager.googleapis.com/projects/123", "assetType": "cloudresourcemanager.googleapis.com/Project",
  "resource": {"data": {"projectNumber": "123", "projectId": "shop", "lifecycleState": "ACTIVE", "name": "shop"}}},
{"name": "//cloudresourcemanager.googleapis.com/projects/123", "assetType": "cloudresourcemanager.googleapis.com/Project",
  "iamPolicy": {"bindings": [{"role": "roles/viewer", "members": ["group:staff@example.com"]}]}}]
]], assets [[
[{"name": "//cloudresourcemanager.googleapis.com/projects/123", "assetType": "cloudresourcemanager.googleapis.com/Project",
  "resource": {"data": {"projectNumber": "123", "projectId": "shop", "lifecycleState": "ACTIVE", "name": "shop"}}},
{"name": "//cloudresourcemanager.googleapis.com/projects/123", "assetType": "cloudresourcemanager.googleapis.com/Project",
  "iamPolicy": {"auditConfigs": [{"service": "allServices",
        "auditLogConfigs": [{"logType": "ADMIN_READ"},
          {"logType": "DATA_READ", "exemptedMembers": ["user:a@example.com"]},
          {"logType": "DATA_WRITE"}]}]}}]
]], [[
resource "google_project" "fire" {
  name       = "fire"
  project_id = "fire"
}]], [[
resource "google_project_iam_audit_config" "fire" {
  project = "p"
  service = "allServices"
  audit_log_config {
    log_type         = "DATA_READ"
    exempted_members = ["user:a@example.com"]
  }
}]] },
    pass = { assets [[
[{"name": "//cloudresourcemanager.googleapis.com/projects/123", "assetType": "cloudresourcemanager.googleapis.com/Project",
  "resource": {"data": {"projectNumber": "123", "projectId": "shop", "lifecycleState": "ACTIVE", "name": "shop"}}},
{"name": "//cloudresourcemanager.googleapis.com/projects/123", "assetType": "cloudresourcemanager.googleapis.com/Project",
  "iamPolicy": {"auditConfigs": [{"service": "allServices",
        "auditLogConfigs": [{"logType": "ADMIN_READ"}, {"logType": "DATA_READ"}, {"logType": "DATA_WRITE"}]}]}}]
]], [[
resource "google_project" "dont_fire" {
  name       = "dont_fire"
  project_id = "dont_fire"
}
resource "google_project_iam_audit_config" "dont_fire" {
  project = google_project.dont_fire.project_id
  service = "allServices"
  audit_log_config { log_type = "ADMIN_READ" }
  audit_log_config { log_type = "DATA_READ" }
  audit_log_config { log_type = "DATA_WRITE" }
}]] },
    unknown = { assets [[
[{"name": "//cloudresourcemanager.googleapis.com/projects/123", "assetType": "cloudresourcemanager.googleapis.com/Project",
  "resource": {"data": {"projectNumber": "123",
    "projectId": "shop",
    "lifecycleState": "ACTIVE",
    "name": "shop",
    "parent": {"type": "organization", "id": "1"}}}},
{"name": "//cloudresourcemanager.googleapis.com/projects/123", "assetType": "cloudresourcemanager.googleapis.com/Project",
  "iamPolicy": {"auditConfigs": [{"service": "allServices", "auditLogConfigs": [{"logType": "DATA_READ"}]}]}}]
]], [[
variable "service" {}
resource "google_project" "a" {
  name       = "a"
  project_id = "a"
}
resource "google_project_iam_audit_config" "a" {
  project = google_project.a.project_id
  service = var.service
  audit_log_config { log_type = "DATA_READ" }
}]] },
  },
}
