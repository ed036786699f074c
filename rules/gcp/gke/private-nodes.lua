return rule {
  id = "GCP-GKE-002", title = "Cluster or its nodes are not private",
  severity = "high", category = "network",
  aliases = { "CKV_GCP_25", "CKV_GCP_64", "AVD-GCP-0059" },
  frameworks = { "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6", "ISO27001-2022:A.8.20" },
  for_each = "gcp.container.cluster",
  description = [[Nodes with public addresses can be reached from the internet wherever a firewall rule or a node port lets them.]],
  remediation = [[Set `enable_private_nodes = true` in `private_cluster_config`; nodes reach out through Cloud NAT.]],
  references = { "https://cloud.google.com/kubernetes-engine/docs/concepts/network-isolation" },
  -- Checkov accepts any block private_cluster_config, also one that leaves the nodes public.
  check = function(e)
    if not e.private.nodes then return fail("nodes of cluster " .. e.name .. " have public addresses", { at = "private.nodes" }) end
  end,
  fix = set("private.nodes", true),
  tests = {
    fail = { live [[
[{"type": "gcp:container:cluster", "id": "fire", "name": "fire",
  "body": {"name": "fire"}}]
]], [[
resource "google_container_cluster" "fire" { name = "fire" }]], [[
resource "google_container_cluster" "fire" {
  name = "fire"
  private_cluster_config { enable_private_nodes = false }
}]] },
    pass = { live [[
[{"type": "gcp:container:cluster", "id": "dont_fire", "name": "dont_fire",
  "body": {"name": "dont_fire", "privateClusterConfig": {"enablePrivateNodes": true}}}]
]], [[
resource "google_container_cluster" "dont_fire" {
  name = "dont_fire"
  private_cluster_config { enable_private_nodes = true }
}]] },
    unknown = { [[
variable "private" { type = bool }
resource "google_container_cluster" "a" {
  name = "a"
  private_cluster_config { enable_private_nodes = var.private }
}]] },
  },
}
