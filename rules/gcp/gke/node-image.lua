local gke = lib "gke"

return rule {
  id = "GCP-GKE-009", title = "Nodes do not run the hardened container image",
  severity = "low", category = "least-privilege",
  aliases = { "CKV_GCP_22", "AVD-GCP-0054" },
  frameworks = { "NIST-800-53r5:CM-7", "PCI-DSS-4.0:2.2.1", "SOC2:CC6.8", "ISO27001-2022:A.8.9" },
  for_each = { "gcp.container.node_pool", "gcp.container.cluster" },
  description = [[Container-Optimized OS has a locked root, fewer packages and updates that Google tests.]],
  remediation = [[Set `image_type = "COS_CONTAINERD"`, the default.]],
  references = { "https://cloud.google.com/kubernetes-engine/docs/concepts/node-images" },
  -- Windows workloads cannot run on it. Checkov judges only pools with an old version written.
  check = function(e)
    return each(gke.configs(e), function(item)
      local image = gke.read(e, item.config, "image_type")
      if image == nil or image == "" or starts(lower(image), "cos") or starts(lower(image), "windows") then return end
      return fail("nodes of " .. item.name .. " run " .. image .. " instead of Container-Optimized OS", { at = item.config, within = item.config })
    end)
  end,
  fix = set("within.image_type", "COS_CONTAINERD"),
  tests = {
    fail = { live [[
[{"type": "gcp:container:nodepool", "id": "fire", "name": "fire",
  "body": {"name": "fire", "config": {"imageType": "UBUNTU_CONTAINERD"}}}]
]], [[
resource "google_container_node_pool" "fire" {
  name    = "fire"
  cluster = "c"
  node_config { image_type = "UBUNTU_CONTAINERD" }
}]] },
    pass = { live [[
[{"type": "gcp:container:nodepool", "id": "dont_fire", "name": "dont_fire",
  "body": {"name": "dont_fire", "config": {"imageType": "COS_CONTAINERD"}}}]
]], [[
resource "google_container_node_pool" "dont_fire" {
  name    = "dont_fire"
  cluster = "c"
  node_config { image_type = "cos_containerd" }
}]], [[
resource "google_container_node_pool" "dont_fire" {
  name    = "dont_fire"
  cluster = "c"
}]] },
    unknown = { [[
variable "image" {}
resource "google_container_node_pool" "a" {
  name    = "a"
  cluster = "c"
  node_config { image_type = var.image }
}]] },
  },
}
