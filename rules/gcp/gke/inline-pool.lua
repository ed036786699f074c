return rule {
  id = "GCP-GKE-017", title = "Cluster mixes its default node pool with managed pools",
  severity = "low", category = "hygiene",
  aliases = { "CKV_GCP_123" },
  frameworks = { "NIST-800-53r5:CM-6", "PCI-DSS-4.0:2.2.1", "SOC2:CC8.1", "ISO27001-2022:A.8.9" },
  for_each = "gcp.container.cluster",
  -- Code only: how a pool was declared is not seen in the cluster.
  where = function(e) return e.origin ~= "live" end,
  description = [[A pool within the resource of the cluster cannot be removed or replaced without replacing the cluster.]],
  remediation = [[Set `remove_default_node_pool = true` and write pools as `google_container_node_pool`.]],
  references = { "https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/container_cluster" },
  check = function(e)
    if e.default_pool_removed then return end
    if #list(e.raw.node_pool) > 0 then
      return fail("cluster " .. e.name .. " has a pool within its own resource", { at = "raw.node_pool" })
    end
    if #list(e.raw.node_config) > 0 and #e:referrers("gcp.container.node_pool") > 0 then
      return fail("cluster " .. e.name .. " keeps its default pool beside managed ones", { at = "raw.node_config" })
    end
  end,
  tests = {
    fail = { [[
resource "google_container_cluster" "fire" {
  name = "fire"
  node_pool { name = "inline" }
}]], [[
resource "google_container_cluster" "fire" {
  name = "fire"
  node_config { machine_type = "e2-medium" }
}
resource "google_container_node_pool" "p" {
  name    = "p"
  cluster = google_container_cluster.fire.name
}]] },
    pass = { [[
resource "google_container_cluster" "dont_fire" {
  name                     = "dont_fire"
  remove_default_node_pool = true
}
resource "google_container_node_pool" "p" {
  name    = "p"
  cluster = google_container_cluster.dont_fire.name
}]] },
    unknown = { [[
variable "remove" { type = bool }
resource "google_container_cluster" "a" {
  name                     = "a"
  remove_default_node_pool = var.remove
  node_pool { name = "inline" }
}]] },
  },
}
