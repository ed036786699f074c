local gcp = lib "gcp"

local full = { "cloud-platform", "https://www.googleapis.com/auth/cloud-platform" }

return rule {
  id = "GCP-GCE-003", title = "Default service account has full API scope",
  severity = "critical", category = "least-privilege",
  aliases = { "CKV_GCP_31" },
  frameworks = { "CIS-GCP-3.0:4.2", "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = "gcp.compute.instance",
  description = [[With the scope of the whole platform, nothing but the roles of the default account limits the machine.]],
  remediation = [[Name a service account of the workload's own, or the scopes that it needs.]],
  references = { "https://cloud.google.com/compute/docs/access/service-accounts#accesscopesiam" },
  check = function(e)
    if gcp.is_node(e) then return end
    local source = gcp.source(e, "service_account")
    local holder = list(source.account.block)[1]
    if holder == nil then return end
    for _, scope in ipairs(full) do
      if has(list(holder.scopes), scope) and not gcp.own_account(source, holder, "email") then
        return fail("instance " .. e.name .. " has the scope " .. scope .. " with the default service account", { at = holder.scopes })
      end
    end
  end,
  tests = {
    fail = { live [[
[{"type": "gcp:compute:instance", "id": "fire", "name": "fire",
  "body": {"name": "fire", "serviceAccounts": [{"email": "123456-compute@developer.gserviceaccount.com", "scopes": ["https://www.googleapis.com/auth/cloud-platform"]}]}}]
]], [[
resource "google_compute_instance" "fire" {
  name = "fire"
  service_account { scopes = ["userinfo-email", "cloud-platform"] }
}]] },
    pass = { live [[
[{"type": "gcp:compute:instance", "id": "dont_fire", "name": "dont_fire",
  "body": {"name": "dont_fire", "serviceAccounts": [{"email": "123456-compute@developer.gserviceaccount.com", "scopes": ["https://www.googleapis.com/auth/devstorage.read_only"]}]}}]
]], [[
resource "google_compute_instance" "dont_fire" {
  name = "dont_fire"
  service_account { scopes = ["userinfo-email", "compute-ro"] }
}]], [[
resource "google_compute_instance" "dont_fire" {
  name = "dont_fire"
  service_account {
    email  = "worker@p.iam.gserviceaccount.com"
    scopes = ["cloud-platform"]
  }
}]] },
    unknown = { [[
variable "scopes" { type = list(string) }
resource "google_compute_instance" "a" {
  name = "a"
  service_account { scopes = var.scopes }
}]] },
  },
}
