local gcp = lib "gcp"

return rule {
  id = "GCP-GCE-002", title = "Instance uses the default service account",
  severity = "high", category = "least-privilege",
  aliases = { "CKV_GCP_30", "AVD-GCP-0044" },
  frameworks = { "CIS-GCP-3.0:4.1", "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = "gcp.compute.instance",
  description = [[The default account of Compute Engine is shared by all machines that name none, and often may edit the project.]],
  remediation = [[Make a service account for the workload and name it in `service_account.email`.]],
  references = { "https://cloud.google.com/compute/docs/access/service-accounts" },
  -- Without the block the machine has no service account at all; with a block that names none it has the default one.
  check = function(e)
    if gcp.is_node(e) then return end
    local source = gcp.source(e, "service_account")
    local holder = list(source.account.block)[1]
    if holder == nil then return end
    if not gcp.own_account(source, holder, "email") then
      return fail("instance " .. e.name .. " runs as the default service account", { at = holder })
    end
  end,
  tests = {
    fail = { live [[
[{"type": "gcp:compute:instance", "id": "fire", "name": "fire",
  "body": {"name": "fire", "serviceAccounts": [{"email": "123456-compute@developer.gserviceaccount.com", "scopes": ["https://www.googleapis.com/auth/cloud-platform"]}]}}]
]], [[
resource "google_compute_instance" "fire" {
  name = "fire"
  service_account { scopes = ["cloud-platform"] }
}]], [[
resource "google_compute_instance_template" "fire" {
  service_account {
    email  = "123456789-compute@developer.gserviceaccount.com"
    scopes = ["cloud-platform"]
  }
}]], [[
data "google_compute_default_service_account" "d" {}
resource "google_compute_instance" "fire" {
  name = "fire"
  service_account {
    email  = data.google_compute_default_service_account.d.email
    scopes = ["cloud-platform"]
  }
}]] },
    pass = { live [[
[{"type": "gcp:compute:instance", "id": "dont_fire", "name": "dont_fire",
  "body": {"name": "dont_fire", "serviceAccounts": [{"email": "worker@p.iam.gserviceaccount.com", "scopes": ["https://www.googleapis.com/auth/cloud-platform"]}]}}]
]], [[
resource "google_service_account" "s" { account_id = "worker" }
resource "google_compute_instance" "dont_fire" {
  name = "dont_fire"
  service_account {
    email  = google_service_account.s.email
    scopes = ["cloud-platform"]
  }
}]], [[
resource "google_compute_instance" "dont_fire" { name = "dont_fire" }]] },
    unknown = { [[
variable "account" {}
resource "google_compute_instance" "a" {
  name = "a"
  service_account {
    email  = var.account
    scopes = ["cloud-platform"]
  }
}]] },
  },
}
