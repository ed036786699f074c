return rule {
  id = "GCP-GKE-005", title = "Network policy is not enforced",
  severity = "medium", category = "network",
  aliases = { "CKV_GCP_12", "AVD-GCP-0056" },
  frameworks = { "CIS-K8S-1.9:5.3.1", "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6", "ISO27001-2022:A.8.20" },
  for_each = "gcp.container.cluster",
  description = [[NetworkPolicy objects are accepted and do nothing, unless the cluster enforces them.]],
  remediation = [[Set `datapath_provider = "ADVANCED_DATAPATH"`, or enable `network_policy`.]],
  references = { "https://cloud.google.com/kubernetes-engine/docs/how-to/network-policy" },
  -- Dataplane V2, which Autopilot always has, enforces policies by itself; Checkov asks for the block beside it.
  check = function(e)
    if e.policy.enabled or e.datapath == "ADVANCED_DATAPATH" or e.autopilot then return end
    return fail("cluster " .. e.name .. " does not enforce network policies", { at = "policy.enabled" })
  end,
  fix = set("policy.enabled", true),
  tests = {
    fail = { live [[
[{"type": "gcp:container:cluster", "id": "fire", "name": "fire",
  "body": {"name": "fire", "networkConfig": {}}}]
]], [[
resource "google_container_cluster" "fire" { name = "fire" }]], [[
resource "google_container_cluster" "fire" {
  name = "fire"
  network_policy { enabled = false }
}]] },
    pass = { live [[
[{"type": "gcp:container:cluster", "id": "dont_fire", "name": "dont_fire",
  "body": {"name": "dont_fire", "networkConfig": {"datapathProvider": "ADVANCED_DATAPATH"}}}]
]], [[
resource "google_container_cluster" "dont_fire" {
  name = "dont_fire"
  network_policy { enabled = true }
}]], [[
resource "google_container_cluster" "dont_fire" {
  name              = "dont_fire"
  datapath_provider = "ADVANCED_DATAPATH"
}]], [[
resource "google_container_cluster" "dont_fire" {
  name             = "dont_fire"
  enable_autopilot = true
}]] },
    unknown = { [[
variable "datapath" {}
resource "google_container_cluster" "a" {
  name              = "a"
  datapath_provider = var.datapath
}]] },
  },
}
