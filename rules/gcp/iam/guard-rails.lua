-- What a project should be kept from: { the end of the constraint's name, in words }.
local wanted = {
  { "iam.disableServiceAccountKeyCreation", "keys of service accounts" },
  { "compute.vmExternalIpAccess", "public addresses" },
  { "storage.publicAccessPrevention", "public buckets" },
  { "compute.disableSerialPortAccess", "serial ports" },
  { "gcp.resourceLocations", "locations of resources" },
}

-- Whether a policy takes effect on the project: on itself, its folder, or the organisation.
local function covers(policy, project)
  if policy.type == "google_organization_policy" then return true end
  for _, value in ipairs { "parent", "folder", "project" } do
    local targets = policy:targets(policy.raw[value])
    for _, target in ipairs(targets) do
      if target.address == project.address or target.kind == "gcp.organization" then return true end
      if target.kind == "gcp.folder" then
        for _, own in ipairs(project:targets(project.raw.folder_id)) do
          if own.address == target.address then return true end
        end
      end
    end
    if not known(policy.raw[value]) and #targets == 0 then unknown("what an organisation policy applies to is not known") end
  end
  return known(policy.raw.parent) and policy.raw.parent ~= nil and starts(policy.raw.parent, "organizations/")
end

return rule {
  id = "GCP-IAM-010", title = "Organisation guard rails are not set",
  severity = "medium", category = "least-privilege",
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = "gcp.project",
  -- Code only: a project's own answers do not show which policies it inherits.
  where = function(e) return e.origin ~= "live" end,
  description = [[A constraint of the organisation holds whatever the rights in a project are: what it forbids cannot be done by mistake.]],
  remediation = [[Set `google_org_policy_policy` on the organisation or a folder for keys of service accounts, public addresses, public
buckets, serial ports and locations.]],
  references = { "https://cloud.google.com/resource-manager/docs/organization-policy/org-policy-constraints" },
  -- Policies of an organisation that is not in the scan may well be there.
  check = function(e)
    local policies = graph.all("gcp.org_policy")
    if #policies == 0 then unknown("no policy of the organisation is in the scan") end
    local set = {}
    for _, policy in ipairs(policies) do
      local name = policy.constraint
      if name ~= nil and covers(policy, e) then
        for _, constraint in ipairs(wanted) do
          if ends(name, constraint[1]) then set[constraint[1]] = true end
        end
      end
    end
    local missing = {}
    for _, constraint in ipairs(wanted) do
      if not set[constraint[1]] then missing[#missing + 1] = constraint[2] end
    end
    if #missing > 0 then return fail("no policy keeps project " .. e.name .. " from: " .. table.concat(missing, ", ")) end
  end,
  tests = {
    fail = { [[
resource "google_project" "fire" {
  name       = "fire"
  project_id = "fire"
}
resource "google_organization_policy" "p" {
  org_id     = "1"
  constraint = "compute.disableSerialPortAccess"
  boolean_policy { enforced = true }
}]] },
    pass = { [[
locals {
  constraints = ["iam.disableServiceAccountKeyCreation", "compute.vmExternalIpAccess", "storage.publicAccessPrevention",
    "compute.disableSerialPortAccess", "gcp.resourceLocations"]
}
resource "google_project" "dont_fire" {
  name       = "dont_fire"
  project_id = "dont_fire"
}
resource "google_org_policy_policy" "p" {
  for_each = toset(local.constraints)
  name     = "organizations/1/policies/${each.value}"
  parent   = "organizations/1"
  spec {
    rules { enforce = "TRUE" }
  }
}]] },
    unknown = { [[
resource "google_project" "a" {
  name       = "a"
  project_id = "a"
}]] },
  },
}
