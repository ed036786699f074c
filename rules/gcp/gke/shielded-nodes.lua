local gke = lib "gke"

return rule {
  id = "GCP-GKE-008", title = "Nodes lack secure boot or integrity monitoring",
  severity = "medium", category = "least-privilege",
  aliases = { CKV_GCP_68 = "secure-boot", CKV_GCP_71 = "shielded", ["AVD-GCP-0055"] = "shielded", CKV_GCP_72 = "integrity" },
  frameworks = { "NIST-800-53r5:CM-7", "PCI-DSS-4.0:2.2.1", "SOC2:CC6.8", "ISO27001-2022:A.8.9" },
  for_each = { "gcp.container.cluster", "gcp.container.node_pool" },
  description = [[Shielded nodes prove to the control plane who they are; secure boot refuses kernels that were tampered with.]],
  remediation = [[Leave `enable_shielded_nodes` on and set `shielded_instance_config { enable_secure_boot = true }` in the node configuration.]],
  references = { "https://cloud.google.com/kubernetes-engine/docs/how-to/shielded-gke-nodes" },
  -- Integrity is monitored by default; Checkov wants it written wherever there is a block.
  check = function(e)
    return each({ "cluster", "nodes" }, function(what)
      if what == "cluster" then
        if e.kind == "gcp.container.cluster" and not e.shielded_nodes and not e.autopilot then
          return fail("cluster " .. e.name .. " turns shielded nodes off", { case = "shielded", at = "shielded_nodes" })
        end
        return
      end
      return each(gke.configs(e), function(item)
        return each({ "secure-boot", "integrity" }, function(case)
          local block = gke.read(e, item.config, "shielded_instance_config")
          if case == "integrity" and gke.read(e, block, "enable_integrity_monitoring") == false then
            return fail("nodes of " .. item.name .. " do not watch the integrity of their boot", { case = case, at = block })
          end
          if case == "secure-boot" and gke.read(e, block, "enable_secure_boot") ~= true then
            return fail("nodes of " .. item.name .. " boot unsigned software", { case = case, at = block or item.config })
          end
        end)
      end)
    end)
  end,
  fix = set("shielded_nodes", true, "shielded"),
  tests = {
    fail = { live [[
[{"type": "gcp:container:nodepool", "id": "fire", "name": "fire",
  "body": {"name": "fire", "config": {"shieldedInstanceConfig": {"enableIntegrityMonitoring": true}}}}]
]], [[
resource "google_container_cluster" "fire" {
  name                  = "fire"
  enable_shielded_nodes = false
}]], [[
resource "google_container_node_pool" "fire" {
  name    = "fire"
  cluster = "c"
  node_config { machine_type = "e2-medium" }
}]], [[
resource "google_container_node_pool" "fire" {
  name    = "fire"
  cluster = "c"
  node_config {
    shielded_instance_config {
      enable_secure_boot          = true
      enable_integrity_monitoring = false
    }
  }
}]] },
    pass = { live [[
[{"type": "gcp:container:nodepool", "id": "dont_fire", "name": "dont_fire",
  "body": {"name": "dont_fire", "config": {"shieldedInstanceConfig": {"enableSecureBoot": true, "enableIntegrityMonitoring": true}}}}]
]], [[
resource "google_container_cluster" "dont_fire" {
  name                     = "dont_fire"
  remove_default_node_pool = true
}
resource "google_container_node_pool" "dont_fire" {
  name    = "dont_fire"
  cluster = "c"
  node_config {
    shielded_instance_config { enable_secure_boot = true }
  }
}]] },
    unknown = { [[
variable "boot" { type = bool }
resource "google_container_node_pool" "a" {
  name    = "a"
  cluster = "c"
  node_config {
    shielded_instance_config { enable_secure_boot = var.boot }
  }
}]] },
  },
}
