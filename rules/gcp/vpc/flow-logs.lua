return rule {
  id = "GCP-VPC-007", title = "Subnetwork keeps no flow logs",
  severity = "medium", category = "logging",
  aliases = { "CKV_GCP_26", "AVD-GCP-0029", "AVD-GCP-0076" },
  frameworks = { "CIS-GCP-3.0:3.8", "NIST-800-53r5:AU-2", "PCI-DSS-4.0:10.2.1", "SOC2:CC7.2", "ISO27001-2022:A.8.15" },
  for_each = "gcp.compute.subnetwork",
  -- Subnetworks of proxies cannot have flow logs.
  where = function(e)
    return not known(e.purpose)
      or not one_of(e.purpose, "INTERNAL_HTTPS_LOAD_BALANCER", "REGIONAL_MANAGED_PROXY", "GLOBAL_MANAGED_PROXY")
  end,
  description = [[Flow logs tell who talked to whom; without them an intrusion leaves no trace in the network.]],
  remediation = [[Add a block `log_config`.]],
  references = { "https://cloud.google.com/vpc/docs/flow-logs" },
  check = function(e)
    if not e.purpose then return end -- unknown where it is not known
    if #list(e.flow_log) == 0 or (e.origin == "live" and not e.flow_log_on) then return fail("subnetwork " .. e.name .. " keeps no flow logs") end
  end,
  fix = set("raw.log_config.aggregation_interval", "INTERVAL_5_SEC"),
  tests = {
    fail = { live [[
[{"type": "gcp:compute:subnetwork", "id": "fire", "name": "fire",
  "body": {"name": "fire", "purpose": "PRIVATE", "enableFlowLogs": false}}]
]], [[resource "google_compute_subnetwork" "fire" { network = "n" }]] },
    pass = { live [[
[{"type": "gcp:compute:subnetwork", "id": "dont_fire", "name": "dont_fire",
  "body": {"name": "dont_fire", "purpose": "PRIVATE", "enableFlowLogs": true, "logConfig": {"enable": true}}}]
]], [[
resource "google_compute_subnetwork" "dont_fire" {
  log_config { metadata = "INCLUDE_ALL_METADATA" }
}]] },
    unknown = { [[
variable "l" { type = list(string) }
resource "google_compute_subnetwork" "a" {
  dynamic "log_config" {
    for_each = var.l
    content { metadata = log_config.value }
  }
}]] },
  },
}
