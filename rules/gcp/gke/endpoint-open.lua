return rule {
  id = "GCP-GKE-001", title = "Control plane accepts connections from any address",
  severity = "critical", category = "network",
  aliases = {
    CKV_GCP_18 = "everyone", CKV_GCP_20 = "unlimited", ["AVD-GCP-0053"] = "everyone", ["AVD-GCP-0061"] = "unlimited",
  },
  frameworks = { "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6", "ISO27001-2022:A.8.20" },
  for_each = "gcp.container.cluster",
  description = [[The API of the cluster answers the whole internet: a stolen token or a hole in the server is enough to get in.]],
  remediation = [[Name the networks of administrators in `master_authorized_networks_config`, or keep only the private endpoint
(`enable_private_endpoint`, or the DNS endpoint with `ip_endpoints_config { enabled = false }`).]],
  references = { "https://cloud.google.com/kubernetes-engine/docs/concepts/network-isolation" },
  -- Other checkers also flag clusters without a public endpoint, and (Trivy) single known addresses such as those of an office.
  check = function(e)
    if e.private.endpoint or not e.ip_endpoints then return end
    if #list(e.authorized.block) == 0 then
      return fail("control plane of " .. e.name .. " accepts connections from any address", { case = "unlimited" })
    end
    return each(items(e.authorized.blocks or {}), function(block)
      local range = block.cidr_block or block.cidrBlock
      if range ~= nil and cidr.any(range) then
        return fail("control plane of " .. e.name .. " accepts connections from " .. range, { case = "everyone", at = block })
      end
    end)
  end,
  tests = {
    fail = { live [[
[{"type": "gcp:container:cluster", "id": "fire", "name": "fire",
  "body": {"name": "fire", "masterAuthorizedNetworksConfig": {"enabled": true, "cidrBlocks": [{"cidrBlock": "0.0.0.0/0"}]}}}]
]], [[
resource "google_container_cluster" "fire" { name = "fire" }]], [[
resource "google_container_cluster" "fire" {
  name = "fire"
  master_authorized_networks_config {
    cidr_blocks { cidr_block = "10.0.0.0/8" }
    cidr_blocks { cidr_block = "0.0.0.0/0" }
  }
}]] },
    pass = { live [[
[{"type": "gcp:container:cluster", "id": "dont_fire", "name": "dont_fire",
  "body": {"name": "dont_fire", "masterAuthorizedNetworksConfig": {"enabled": true, "cidrBlocks": [{"cidrBlock": "198.51.100.7/32"}]}}}]
]], [[
resource "google_container_cluster" "dont_fire" {
  name = "dont_fire"
  master_authorized_networks_config {
    cidr_blocks { cidr_block = "198.51.100.7/32" }
  }
}]], [[
resource "google_container_cluster" "dont_fire" {
  name = "dont_fire"
  private_cluster_config {
    enable_private_nodes    = true
    enable_private_endpoint = true
  }
}]], [[
resource "google_container_cluster" "dont_fire" {
  name = "dont_fire"
  control_plane_endpoints_config {
    ip_endpoints_config { enabled = false }
  }
}]] },
    unknown = { [[
variable "from" {}
resource "google_container_cluster" "a" {
  name = "a"
  master_authorized_networks_config {
    cidr_blocks { cidr_block = var.from }
  }
}]] },
  },
}
