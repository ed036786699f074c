local gcp = lib "gcp"

-- What a project's metadata says about OS Login; a project's item may be about another key.
local function of_project(e)
  if e.type == "google_compute_project_metadata_item" then return e.value end
  if e.origin ~= "live" then return e.metadata and e.metadata["enable-oslogin"] end
  for _, item in ipairs(list(e.metadata)) do
    if item.key == "enable-oslogin" then return item.value end
  end
end

return rule {
  id = "GCP-GCE-004", title = "OS Login is not enforced",
  severity = "medium", category = "least-privilege",
  aliases = { CKV_GCP_33 = "project", ["AVD-GCP-0042"] = "project", CKV_GCP_34 = "instance", ["AVD-GCP-0036"] = "instance" },
  frameworks = { "CIS-GCP-3.0:4.4", "NIST-800-53r5:IA-2", "PCI-DSS-4.0:8.3.1", "SOC2:CC6.1", "ISO27001-2022:A.8.5" },
  for_each = { "gcp.compute.metadata", "gcp.compute.instance" },
  where = function(e)
    return e.type ~= "google_compute_project_metadata_item" or not known(e.key) or e.key == "enable-oslogin"
  end,
  description = [[OS Login ties SSH to identities and their second factor; without it keys in metadata stay valid for ever.]],
  remediation = [[Set `enable-oslogin = "TRUE"` in the project's metadata, and do not override it on machines.]],
  references = { "https://cloud.google.com/compute/docs/oslogin" },
  -- A machine without the key follows its project, so only one that says no is judged.
  check = function(e)
    if e.kind == "gcp.compute.metadata" then
      if e.type == "google_compute_project_metadata_item" and e.key ~= "enable-oslogin" then return end
      if not gcp.truthy(of_project(e)) then
        return fail("the metadata of the project does not turn OS Login on", { case = "project", at = "metadata" })
      end
      return
    end
    local value = gcp.metadata(e, "enable-oslogin")
    if value ~= nil and not gcp.truthy(value) then
      return fail("instance " .. e.name .. " turns OS Login off", { case = "instance", at = "metadata" })
    end
  end,
  fix = { set("raw.metadata.enable-oslogin", "TRUE", "project"), set("raw.metadata.enable-oslogin", "TRUE", "instance") },
  tests = {
    fail = { live [[
[{"type": "gcp:compute:project", "id": "fire", "name": "fire",
  "body": {"name": "fire", "commonInstanceMetadata": {"items": [{"key": "other", "value": "x"}]}}}]
]], [[
resource "google_compute_project_metadata" "fire" {
  metadata = { foo = "bar" }
}]], [[
resource "google_compute_project_metadata_item" "fire" {
  key   = "enable-oslogin"
  value = "FALSE"
}]], [[
resource "google_compute_instance" "fire" {
  name     = "fire"
  metadata = { enable-oslogin = false }
}]] },
    pass = { live [[
[{"type": "gcp:compute:project", "id": "dont_fire", "name": "dont_fire",
  "body": {"name": "dont_fire", "commonInstanceMetadata": {"items": [{"key": "enable-oslogin", "value": "TRUE"}]}}}]
]], [[
resource "google_compute_project_metadata" "dont_fire" {
  metadata = { enable-oslogin = "TRUE" }
}]], [[
resource "google_compute_instance" "dont_fire" { name = "dont_fire" }]] },
    unknown = { [[
variable "login" {}
resource "google_compute_project_metadata" "a" {
  metadata = { enable-oslogin = var.login }
}]], [[
variable "template" {}
resource "google_compute_instance_from_template" "a" {
  name                     = "a"
  source_instance_template = var.template
}]] },
  },
}
