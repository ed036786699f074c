return rule {
  id = "GCP-MON-003", title = "Security Command Center sends no findings on",
  severity = "medium", category = "logging",
  version = 2, changes = { "where notifications of a live project go is unknown" },
  frameworks = { "NIST-800-53r5:AU-2", "PCI-DSS-4.0:10.2.1", "SOC2:CC7.2", "ISO27001-2022:A.8.15" },
  for_each = { "gcp.scc.source", "gcp.scc.notification", "gcp.organization" },
  description = [[Findings that nobody is sent are read when it is too late.]],
  remediation = [[Add a `google_scc_v2_organization_notification_config` with a topic, or an export to BigQuery.]],
  references = { "https://cloud.google.com/security-command-center/docs/how-to-notifications" },
  -- An organisation that is only looked up, with nothing of the center in the scan, may be set up elsewhere.
  check = function(e)
    if e.kind == "gcp.scc.notification" or #graph.all("gcp.scc.notification") > 0 then return end
    if e.kind == "gcp.organization" then
      if #graph.all("gcp.scc.source") == 0 then unknown("Security Command Center is set up outside the scan") end
      return
    end
    if e.origin == "live" then unknown("the notifications of Security Command Center are outside the scan") end
    return fail("Security Command Center is set up (" .. e.name .. "), and sends its findings nowhere")
  end,
  tests = {
    fail = { [[
resource "google_scc_source" "fire" {
  display_name = "fire"
  organization = "1"
}]] },
    pass = { assets [[
[{"name": "//securitycenter.googleapis.com/organizations/1/sources/5", "assetType": "securitycenter.googleapis.com/Source",
  "resource": {"data": {"name": "organizations/1/sources/5", "displayName": "Security Health Analytics"}}},
{"name": "//securitycenter.googleapis.com/organizations/1/notificationConfigs/all", "assetType": "securitycenter.googleapis.com/NotificationConfig",
  "resource": {"data": {"name": "organizations/1/notificationConfigs/all",
    "pubsubTopic": "projects/shop/topics/t",
    "streamingConfig": {"filter": "state = \"ACTIVE\""}}}}]
]], [[
resource "google_pubsub_topic" "t" { name = "t" }
resource "google_scc_source" "dont_fire" {
  display_name = "dont_fire"
  organization = "1"
}
resource "google_scc_notification_config" "dont_fire" {
  config_id    = "all"
  organization = "1"
  pubsub_topic = google_pubsub_topic.t.id
  streaming_config { filter = "state = \"ACTIVE\"" }
}]] },
    unknown = { assets [[
[{"name": "//securitycenter.googleapis.com/organizations/1/sources/5", "assetType": "securitycenter.googleapis.com/Source",
  "resource": {"data": {"name": "organizations/1/sources/5", "displayName": "Security Health Analytics"}}}]
]], [[data "google_organization" "a" { domain = "example.com" }]] },
  },
}
