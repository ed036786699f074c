return rule {
  id = "GCP-GKE-016", title = "Group-based RBAC is not configured",
  severity = "low", category = "least-privilege",
  aliases = { "CKV_GCP_65" },
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = "gcp.container.cluster",
  description = [[Roles that are bound to single users stay when people leave; groups are kept in one place.]],
  remediation = [[Set `authenticator_groups_config { security_group = "gke-security-groups@example.com" }`.]],
  references = { "https://cloud.google.com/kubernetes-engine/docs/how-to/google-groups-rbac" },
  check = function(e)
    if e.groups.domain == nil or e.groups.domain == "" then
      return fail("roles of cluster " .. e.name .. " cannot be bound to groups", { at = "groups.domain" })
    end
  end,
  tests = {
    fail = { assets [[
[{"name": "//container.googleapis.com/projects/shop/locations/europe-west3/clusters/fire", "assetType": "container.googleapis.com/Cluster",
  "resource": {"data": {"name": "fire",
    "location": "europe-west3",
    "selfLink": "https://container.googleapis.com/v1/projects/shop/locations/europe-west3/clusters/fire"}}}]
]], [[
resource "google_container_cluster" "fire" { name = "fire" }]] },
    pass = { assets [[
[{"name": "//container.googleapis.com/projects/shop/locations/europe-west3/clusters/dont-fire", "assetType": "container.googleapis.com/Cluster",
  "resource": {"data": {"name": "dont-fire",
    "location": "europe-west3",
    "selfLink": "https://container.googleapis.com/v1/projects/shop/locations/europe-west3/clusters/dont-fire",
    "authenticatorGroupsConfig": {"enabled": true, "securityGroup": "gke-security-groups@example.com"}}}}]
]], [[
resource "google_container_cluster" "dont_fire" {
  name = "dont_fire"
  authenticator_groups_config { security_group = "gke-security-groups@example.com" }
}]] },
    unknown = { [[
variable "group" {}
resource "google_container_cluster" "a" {
  name = "a"
  authenticator_groups_config { security_group = var.group }
}]] },
  },
}
