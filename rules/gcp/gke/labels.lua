return rule {
  id = "GCP-GKE-018", title = "Cluster carries no labels",
  severity = "low", category = "tagging",
  aliases = { "CKV_GCP_21", "AVD-GCP-0051" },
  frameworks = { "NIST-800-53r5:CM-8", "PCI-DSS-4.0:12.5.1", "SOC2:CC6.1", "ISO27001-2022:A.5.9" },
  for_each = "gcp.container.cluster",
  description = [[Labels tell whose cluster it is, and where its cost belongs.]],
  remediation = [[Set `resource_labels`, or `default_labels` of the provider.]],
  references = { "https://cloud.google.com/kubernetes-engine/docs/how-to/creating-managing-labels" },
  check = function(e)
    if e.labels == nil or #keys(e.labels) == 0 then return fail("cluster " .. e.name .. " carries no labels", { at = "labels" }) end
  end,
  tests = {
    fail = { live [[
[{"type": "gcp:container:cluster", "id": "fire", "name": "fire",
  "body": {"name": "fire"}}]
]], [[
resource "google_container_cluster" "fire" { name = "fire" }]] },
    pass = { live [[
[{"type": "gcp:container:cluster", "id": "dont_fire", "name": "dont_fire",
  "body": {"name": "dont_fire", "resourceLabels": {"team": "a"}}}]
]], [[
resource "google_container_cluster" "dont_fire" {
  name            = "dont_fire"
  resource_labels = { team = "platform" }
}]], [[
provider "google" {
  default_labels = { team = "platform" }
}
resource "google_container_cluster" "dont_fire" { name = "dont_fire" }]] },
    unknown = { [[
variable "labels" { type = map(string) }
resource "google_container_cluster" "a" {
  name            = "a"
  resource_labels = var.labels
}]] },
  },
}
