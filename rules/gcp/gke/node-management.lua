return rule {
  id = "GCP-GKE-010", title = "Nodes are not repaired or upgraded by themselves",
  severity = "medium", category = "hygiene",
  aliases = { CKV_GCP_9 = "repair", ["AVD-GCP-0063"] = "repair", CKV_GCP_10 = "upgrade", ["AVD-GCP-0058"] = "upgrade" },
  frameworks = { "NIST-800-53r5:SI-2", "PCI-DSS-4.0:6.3.3", "SOC2:CC7.1", "ISO27001-2022:A.8.8" },
  for_each = "gcp.container.node_pool",
  description = [[Nodes that nobody upgrades keep the holes of their version; broken ones take workloads down.]],
  remediation = [[Leave `auto_repair` and `auto_upgrade` of the block `management` on.]],
  references = { "https://cloud.google.com/kubernetes-engine/docs/how-to/node-auto-upgrades" },
  -- Both are on by default, in the provider and in the API; Checkov and Trivy want them to be written.
  check = function(e)
    return each({ "repair", "upgrade" }, function(case)
      if case == "repair" and not e.repair then
        return fail("nodes of pool " .. e.name .. " are not repaired by themselves", { case = case, at = "repair" })
      end
      if case == "upgrade" and not e.upgrade then
        return fail("nodes of pool " .. e.name .. " are not upgraded by themselves", { case = case, at = "upgrade" })
      end
    end)
  end,
  fix = { set("repair", true, "repair"), set("upgrade", true, "upgrade") },
  tests = {
    fail = { live [[
[{"type": "gcp:container:nodepool", "id": "fire", "name": "fire",
  "body": {"name": "fire", "management": {"autoRepair": false, "autoUpgrade": true}}}]
]], [[
resource "google_container_node_pool" "fire" {
  name    = "fire"
  cluster = "c"
  management { auto_repair = false }
}]], [[
resource "google_container_node_pool" "fire" {
  name    = "fire"
  cluster = "c"
  management { auto_upgrade = false }
}]] },
    pass = { live [[
[{"type": "gcp:container:nodepool", "id": "dont_fire", "name": "dont_fire",
  "body": {"name": "dont_fire", "management": {"autoRepair": true, "autoUpgrade": true}}}]
]], [[
resource "google_container_node_pool" "dont_fire" {
  name    = "dont_fire"
  cluster = "c"
  management {
    auto_repair  = true
    auto_upgrade = true
  }
}]], [[
resource "google_container_node_pool" "dont_fire" {
  name    = "dont_fire"
  cluster = "c"
}]] },
    unknown = { [[
variable "upgrade" { type = bool }
resource "google_container_node_pool" "a" {
  name    = "a"
  cluster = "c"
  management { auto_upgrade = var.upgrade }
}]] },
  },
}
