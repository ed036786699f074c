return rule {
  id = "GCP-GKE-003", title = "Legacy attribute-based authorisation is on",
  severity = "high", category = "least-privilege",
  aliases = { "CKV_GCP_7", "AVD-GCP-0062" },
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = "gcp.container.cluster",
  description = [[With the legacy authorizer, every service account of the cluster may do nearly everything, whatever RBAC says.]],
  remediation = [[Remove `enable_legacy_abac`.]],
  references = { "https://cloud.google.com/kubernetes-engine/docs/how-to/role-based-access-control" },
  check = function(e)
    if e.legacy_abac then return fail("cluster " .. e.name .. " uses the legacy authorizer", { at = "legacy_abac" }) end
  end,
  fix = set("legacy_abac", false),
  tests = {
    fail = { live [[
[{"type": "gcp:container:cluster", "id": "fire", "name": "fire",
  "body": {"name": "fire", "legacyAbac": {"enabled": true}}}]
]], [[
resource "google_container_cluster" "fire" {
  name               = "fire"
  enable_legacy_abac = true
}]] },
    pass = { live [[
[{"type": "gcp:container:cluster", "id": "dont_fire", "name": "dont_fire",
  "body": {"name": "dont_fire", "legacyAbac": {}}}]
]], [[
resource "google_container_cluster" "dont_fire" { name = "dont_fire" }]] },
    unknown = { [[
variable "abac" { type = bool }
resource "google_container_cluster" "a" {
  name               = "a"
  enable_legacy_abac = var.abac
}]] },
  },
}
