return rule {
  id = "GCP-GKE-004", title = "Client certificates or basic passwords are issued",
  severity = "high", category = "least-privilege",
  aliases = { "CKV_GCP_13", "AVD-GCP-0064" },
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = "gcp.container.cluster",
  description = [[A client certificate cannot be revoked, and a password stands in the state; both go past IAM.]],
  remediation = [[Set `issue_client_certificate = false` and no `username` in `master_auth`.]],
  references = { "https://cloud.google.com/kubernetes-engine/docs/how-to/hardening-your-cluster#restrict_authn_methods" },
  -- Checkov wants the attribute to be written; Google issues no certificate by default since version 1.12.
  check = function(e)
    if e.client.certificate then
      return fail("cluster " .. e.name .. " issues a client certificate", { at = "client.certificate" })
    end
    if e.client.user ~= nil and e.client.user ~= "" then
      return fail("cluster " .. e.name .. " accepts a user name and a password", { at = "client.user" })
    end
  end,
  fix = set("client.certificate", false),
  tests = {
    fail = { assets [[
[{"name": "//container.googleapis.com/projects/shop/locations/europe-west3/clusters/fire", "assetType": "container.googleapis.com/Cluster",
  "resource": {"data": {"name": "fire",
    "location": "europe-west3",
    "selfLink": "https://container.googleapis.com/v1/projects/shop/locations/europe-west3/clusters/fire",
    "masterAuth": {"clientCertificateConfig": {"issueClientCertificate": true}}}}}]
]], [[
resource "google_container_cluster" "fire" {
  name = "fire"
  master_auth {
    client_certificate_config { issue_client_certificate = true }
  }
}]], [[
resource "google_container_cluster" "fire" {
  name = "fire"
  master_auth { username = "admin" }
}]] },
    pass = { assets [[
[{"name": "//container.googleapis.com/projects/shop/locations/europe-west3/clusters/dont-fire", "assetType": "container.googleapis.com/Cluster",
  "resource": {"data": {"name": "dont-fire",
    "location": "europe-west3",
    "selfLink": "https://container.googleapis.com/v1/projects/shop/locations/europe-west3/clusters/dont-fire",
    "masterAuth": {"clientCertificateConfig": {}}}}}]
]], [[
resource "google_container_cluster" "dont_fire" {
  name = "dont_fire"
  master_auth {
    client_certificate_config { issue_client_certificate = false }
  }
}]], [[
resource "google_container_cluster" "dont_fire" { name = "dont_fire" }]] },
    unknown = { [[
variable "certificate" { type = bool }
resource "google_container_cluster" "a" {
  name = "a"
  master_auth {
    client_certificate_config { issue_client_certificate = var.certificate }
  }
}]] },
  },
}
