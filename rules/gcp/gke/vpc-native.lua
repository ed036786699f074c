return rule {
  id = "GCP-GKE-015", title = "Cluster is not VPC-native or hides intra-node traffic",
  severity = "low", category = "network",
  aliases = { CKV_GCP_23 = "vpc-native", ["AVD-GCP-0049"] = "vpc-native", CKV_GCP_61 = "intranode" },
  frameworks = { "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6", "ISO27001-2022:A.8.20" },
  for_each = "gcp.container.cluster",
  description = [[Flow logs and firewall rules see pods only where these have addresses of the network, and only if traffic within a node
passes through it.]],
  remediation = [[Add `ip_allocation_policy {}` and set `enable_intranode_visibility = true`.]],
  references = { "https://cloud.google.com/kubernetes-engine/docs/how-to/intranode-visibility" },
  -- New clusters are VPC-native unless their routes are asked for; the other checkers want the block to be written. The
  -- visibility is always on in Autopilot.
  check = function(e)
    return each({ "vpc-native", "intranode" }, function(case)
      if case == "vpc-native" then
        if known(e.ip.policy) and #list(e.ip.policy) == 0 and (e.ip.mode == "ROUTES"
          or (e.origin ~= "live" and e.ip.mode == nil and e.raw.cluster_ipv4_cidr ~= nil)) then
          return fail("cluster " .. e.name .. " is not VPC-native", { case = case, at = "ip.mode" })
        end
        if e.origin == "live" and e.raw.ipAllocationPolicy.useIpAliases ~= true then
          return fail("cluster " .. e.name .. " is not VPC-native", { case = case, at = "ip.policy" })
        end
      elseif not e.intranode and not e.autopilot then
        return fail("traffic within nodes of cluster " .. e.name .. " is not seen by the network", { case = case, at = "intranode" })
      end
    end)
  end,
  fix = set("intranode", true, "intranode"),
  tests = {
    fail = { assets [[
[{"name": "//container.googleapis.com/projects/shop/locations/europe-west3/clusters/fire", "assetType": "container.googleapis.com/Cluster",
  "resource": {"data": {"name": "fire",
    "location": "europe-west3",
    "selfLink": "https://container.googleapis.com/v1/projects/shop/locations/europe-west3/clusters/fire",
    "ipAllocationPolicy": {"useRoutes": true},
    "networkConfig": {"enableIntraNodeVisibility": false}}}}]
]], [[
resource "google_container_cluster" "fire" {
  name                        = "fire"
  networking_mode             = "ROUTES"
  enable_intranode_visibility = true
}]], [[
resource "google_container_cluster" "fire" { name = "fire" }]] },
    pass = { assets [[
[{"name": "//container.googleapis.com/projects/shop/locations/europe-west3/clusters/dont-fire", "assetType": "container.googleapis.com/Cluster",
  "resource": {"data": {"name": "dont-fire",
    "location": "europe-west3",
    "selfLink": "https://container.googleapis.com/v1/projects/shop/locations/europe-west3/clusters/dont-fire",
    "ipAllocationPolicy": {"useIpAliases": true},
    "networkConfig": {"enableIntraNodeVisibility": true}}}}]
]], [[
resource "google_container_cluster" "dont_fire" {
  name                        = "dont_fire"
  enable_intranode_visibility = true
  ip_allocation_policy {}
}]] },
    unknown = { [[
variable "visible" { type = bool }
resource "google_container_cluster" "a" {
  name                        = "a"
  enable_intranode_visibility = var.visible
}]] },
  },
}
