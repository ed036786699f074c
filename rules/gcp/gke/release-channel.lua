return rule {
  id = "GCP-GKE-011", title = "Cluster follows no release channel or runs alpha features",
  severity = "low", category = "hygiene",
  aliases = { CKV_GCP_70 = "channel", CKV2_GCP_19 = "alpha" },
  frameworks = { "NIST-800-53r5:SI-2", "PCI-DSS-4.0:6.3.3", "SOC2:CC7.1", "ISO27001-2022:A.8.8" },
  for_each = "gcp.container.cluster",
  description = [[A channel brings tested versions in time; alpha clusters are not supported, and are deleted after thirty days.]],
  remediation = [[Set `release_channel { channel = "REGULAR" }` (or STABLE), and remove `enable_kubernetes_alpha`.]],
  references = { "https://cloud.google.com/kubernetes-engine/docs/concepts/release-channels" },
  -- A new cluster that names no channel is put in one (in REGULAR, or in that of the version it names), so that only one which asks
  -- for none is outside; Checkov wants the block to be written. A live answer without a channel means none. Autopilot always has one.
  -- https://cloud.google.com/kubernetes-engine/docs/reference/rest/v1/projects.locations.clusters#Cluster.FIELDS.release_channel
  check = function(e)
    return each({ "channel", "alpha" }, function(case)
      if case == "alpha" then
        if e.alpha then return fail("cluster " .. e.name .. " runs alpha features", { case = case, at = "alpha" }) end
        return
      end
      if e.alpha or e.autopilot then return end
      if (e.channel == nil and e.origin == "live") or e.channel == "UNSPECIFIED" then
        return fail("cluster " .. e.name .. " follows no release channel", { case = case, at = "channel" })
      end
    end)
  end,
  fix = set("channel", "REGULAR", "channel"),
  tests = {
    fail = { [[
resource "google_container_cluster" "fire" {
  name = "fire"
  release_channel { channel = "UNSPECIFIED" }
}]], live [[
[{"type": "gcp:container:cluster", "id": "projects/p/locations/l/clusters/fire", "name": "fire",
  "body": {"name": "fire", "releaseChannel": {}}}]
]], [[
resource "google_container_cluster" "fire" {
  name                    = "fire"
  enable_kubernetes_alpha = true
}]] },
    pass = { assets [[
[{"name": "//container.googleapis.com/projects/shop/locations/europe-west3/clusters/dont-fire", "assetType": "container.googleapis.com/Cluster",
  "resource": {"data": {"name": "dont-fire",
    "location": "europe-west3",
    "selfLink": "https://container.googleapis.com/v1/projects/shop/locations/europe-west3/clusters/dont-fire",
    "releaseChannel": {"channel": "REGULAR"}}}}]
]], [[
resource "google_container_cluster" "dont_fire" {
  name = "dont_fire"
  release_channel { channel = "STABLE" }
}]], [[resource "google_container_cluster" "dont_fire" { name = "dont_fire" }]] },
    unknown = { [[
variable "channel" {}
resource "google_container_cluster" "a" {
  name = "a"
  release_channel { channel = var.channel }
}]] },
  },
}
