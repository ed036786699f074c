local gcp = lib "gcp"

-- The changes of CIS 2.4 to 2.11, and a word of the filter by which each is counted.
local topics = {
  { "project ownership", "projectOwnerInvitee|cloudresourcemanager" }, { "audit configuration", "auditConfigDelta" },
  { "firewall rules", "gce_firewall_rule|compute\\.firewalls" }, { "routes", "gce_route|compute\\.routes" },
  { "networks", "gce_network|compute\\.networks" }, { "permissions on buckets", "storage\\.setIamPermissions" },
  { "SQL instances", "cloudsql\\.instances" },
}

local function told(name)
  for _, alert in ipairs(graph.all("gcp.monitoring.alert")) do
    for _, condition in ipairs(list(alert.raw.conditions)) do
      for _, key in ipairs { "condition_threshold", "condition_absent", "conditionThreshold", "conditionAbsent" } do
        local filter = condition[key] and condition[key].filter
        if filter ~= nil and string.find(filter, name, 1, true) then return true end
      end
    end
  end
  return false
end

local function judge_metric(e)
  local topic
  for _, wanted in ipairs(topics) do
    if topic == nil and e.filter ~= nil and match(e.filter, wanted[2]) then topic = wanted[1] end
  end
  if topic == nil then return end
  if not known(e.raw.name) then unknown("the name of the metric is not known") end
  for _, alert in ipairs(e:referrers("gcp.monitoring.alert")) do
    if alert.kind == "gcp.monitoring.alert" then return end
  end
  if not told(e.raw.name or e.name) then
    return fail("changes of " .. topic .. " are counted by " .. e.name .. ", and nobody is told", { case = "metric" })
  end
end

-- A unit that counts such changes has to count all of them; one that counts none is watched elsewhere.
local function judge_project(e)
  local metrics = {}
  for _, metric in ipairs(graph.all("gcp.logging.metric")) do
    if e.origin ~= "live" or gcp.in_project(metric, e) then metrics[#metrics + 1] = metric end
  end
  if #metrics == 0 then unknown("metrics of logs are kept outside the scan") end
  local missing = {}
  for _, wanted in ipairs(topics) do
    local counted = false
    for _, metric in ipairs(metrics) do counted = counted or (metric.filter ~= nil and match(metric.filter, wanted[2]) ~= nil) end
    if not counted then missing[#missing + 1] = wanted[1] end
  end
  if #missing > 0 then
    return fail("in project " .. e.name .. " nobody is told of changes of: " .. table.concat(missing, ", "), { case = "topics" })
  end
end

return rule {
  id = "GCP-MON-001", title = "Security relevant changes raise no alert",
  severity = "low", category = "logging",
  version = 2, changes = { "judged on live answers too" },
  frameworks = {
    "CIS-GCP-3.0:2.4", "CIS-GCP-3.0:2.5", "CIS-GCP-3.0:2.6", "CIS-GCP-3.0:2.7", "CIS-GCP-3.0:2.8",
    "CIS-GCP-3.0:2.9", "CIS-GCP-3.0:2.10", "CIS-GCP-3.0:2.11", "NIST-800-53r5:AU-2", "PCI-DSS-4.0:10.2.1",
    "SOC2:CC7.2", "ISO27001-2022:A.8.15"
  },
  for_each = { "gcp.monitoring.alert", "gcp.logging.metric", "gcp.project" },
  description = [[A changed firewall, a new owner or a silenced audit log is how intrusions go on; somebody has to hear of it in minutes.]],
  remediation = [[Count the changes with `google_logging_metric`, and name channels in a `google_monitoring_alert_policy` for each.]],
  references = { "https://cloud.google.com/logging/docs/logs-based-metrics/counter-metrics" },
  check = function(e)
    if e.kind == "gcp.monitoring.alert" then
      if e.enabled and #list(e.channels) == 0 then
        return fail("alert " .. e.name .. " tells nobody", { case = "channel", at = "channels" })
      end
      return
    end
    if e.kind == "gcp.logging.metric" then return judge_metric(e) end
    return judge_project(e)
  end,
  tests = {
    fail = { assets [[
[{"name": "//monitoring.googleapis.com/projects/shop/alertPolicies/fire", "assetType": "monitoring.googleapis.com/AlertPolicy",
  "resource": {"data": {"name": "projects/shop/alertPolicies/fire", "displayName": "fire", "combiner": "OR", "enabled": true}}},
{"name": "//logging.googleapis.com/projects/shop/metrics/fire-firewalls", "assetType": "logging.googleapis.com/LogMetric",
  "resource": {"data": {"name": "fire-firewalls", "filter": "resource.type=\"gce_firewall_rule\""}}}]
]], [[
resource "google_monitoring_alert_policy" "fire" {
  display_name = "fire"
  combiner     = "OR"
}]], [[
resource "google_logging_metric" "fire" {
  name   = "firewall-changes"
  filter = "resource.type=\"gce_firewall_rule\""
}]], [[
resource "google_project" "fire" {
  name       = "fire"
  project_id = "fire"
}
resource "google_logging_metric" "m" {
  name   = "errors"
  filter = "severity >= ERROR"
}]] },
    pass = { assets [[
[{"name": "//logging.googleapis.com/projects/shop/metrics/dont-fire", "assetType": "logging.googleapis.com/LogMetric",
  "resource": {"data": {"name": "dont-fire", "filter": "resource.type=\"gce_firewall_rule\""}}},
{"name": "//monitoring.googleapis.com/projects/shop/alertPolicies/dont-fire", "assetType": "monitoring.googleapis.com/AlertPolicy",
  "resource": {"data": {"name": "projects/shop/alertPolicies/dont-fire",
    "displayName": "dont-fire",
    "combiner": "OR",
    "enabled": true,
    "notificationChannels": ["projects/shop/notificationChannels/1"],
    "conditions": [{"displayName": "any",
        "conditionThreshold": {"filter": "metric.type=\"logging.googleapis.com/user/dont-fire\"",
          "comparison": "COMPARISON_GT",
          "duration": "0s"}}]}}}]
]], [[
resource "google_monitoring_notification_channel" "c" {
  display_name = "on call"
  type         = "email"
}
resource "google_logging_metric" "dont_fire" {
  name   = "firewall-changes"
  filter = "resource.type=\"gce_firewall_rule\""
}
resource "google_monitoring_alert_policy" "dont_fire" {
  display_name          = "firewall changes"
  combiner              = "OR"
  notification_channels = [google_monitoring_notification_channel.c.id]
  conditions {
    display_name = "any"
    condition_threshold {
      filter     = "metric.type=\"logging.googleapis.com/user/${google_logging_metric.dont_fire.name}\""
      comparison = "COMPARISON_GT"
      duration   = "0s"
    }
  }
}]] },
    unknown = { [[
resource "google_project" "a" {
  name       = "a"
  project_id = "a"
}]] },
  },
}
