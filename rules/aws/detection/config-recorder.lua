-- A recorder that records all types, global ones in one region; one that leaves types out is judged as incomplete.
local function recorder(e)
  if not e.all then
    return fail("recorder " .. e.name .. " does not record all types of resource", { case = "recorder", at = "all" })
  end
  local failures = {}
  if not e.global then
    failures[1] = fail("recorder " .. e.name .. " leaves out global resources, such as users and roles",
      { case = "global", at = "global" })
  end
  if e.origin == "live" then
    if e.running == nil then unknown("the status of the recorder was not collected") end
    if not e.running then failures[#failures + 1] = fail("recorder " .. e.name .. " is stopped", { case = "recorder", at = "running" }) end
    return failures
  end
  -- A recorder is made stopped; its status starts it.
  local started = false
  for _, status in ipairs(e:satellites("status")) do
    if not status.enabled then
      failures[#failures + 1] = fail("recorder " .. e.name .. " is stopped",
        { case = "recorder", at = e, evidence = { { status, "its status" } } })
    end
    started = true
  end
  if not started and #failures == 0 then unknown("nothing in the scan starts the recorder") end
  return failures
end

local function region(e)
  if e.recorders == nil then unknown("recorders were not collected") end
  if #e.recorders == 0 then return fail("region " .. e.name .. " has no configuration recorder", { case = "recorder", at = "recorders" }) end
end

return rule {
  id = "AWS-DET-001", title = "Configuration recorder does not cover all resources and regions",
  severity = "medium", category = "logging",
  aliases = { CKV_AWS_121 = "aggregator", ["AVD-AWS-0019"] = "aggregator", CKV2_AWS_45 = "recorder", CKV2_AWS_48 = "global" },
  frameworks = { "CIS-AWS-3.0:3.3", "NIST-800-53r5:AU-2", "PCI-DSS-4.0:10.2.1", "SOC2:CC7.2", "ISO27001-2022:A.8.15" },
  for_each = { "aws.config.recorder", "aws.config.aggregator", "aws.account.region" },
  where = function(e) return e.kind ~= "aws.account.region" or e.used ~= false end,
  description = [[Who changed what, and when a resource became open, is known only for what is recorded.]],
  remediation = [[Set `all_supported = true` and `include_global_resource_types = true` in `recording_group`, start the recorder with an
`aws_config_configuration_recorder_status`, and set `all_regions = true` at the aggregator.]],
  references = { "https://docs.aws.amazon.com/config/latest/developerguide/select-resources.html",
    "https://docs.aws.amazon.com/config/latest/developerguide/aggregate-data.html" },
  -- CKV2_AWS_45 judges the status resource, this rule the recorder with it. A recorder for each region needs the global
  -- types once; the estate that splits them so switches the case off there.
  check = function(e)
    if e.kind == "aws.config.recorder" then return recorder(e) end
    if e.kind == "aws.account.region" then return region(e) end
    if not e.all_regions then
      return fail("aggregator " .. e.name .. " omits regions (all_regions is not true)", { case = "aggregator", at = "all_regions" })
    end
  end,
  tests = {
    fail = { [[
resource "aws_config_configuration_recorder" "fire" {
  name = "r"
  recording_group { all_supported = false }
}]], [[
resource "aws_config_configuration_recorder" "fire" {
  name = "r"
  recording_group { include_global_resource_types = true }
}
resource "aws_config_configuration_recorder_status" "s" {
  name       = aws_config_configuration_recorder.fire.name
  is_enabled = false
}]], [[
resource "aws_config_configuration_aggregator" "fire" {
  name = "a"
  account_aggregation_source { account_ids = ["123456789012"] }
}]], live [[
[{"type": "aws:config:configuration-recorder", "name": "fire", "body": {"name": "r",
  "recordingGroup": {"allSupported": true, "includeGlobalResourceTypes": true}, "Status": {"recording": false}}},
 {"type": "aws:account:region", "name": "fire", "body": {"Used": true, "ConfigurationRecorders": []}}]
]] },
    pass = { [[
resource "aws_config_configuration_recorder" "dont_fire" {
  name = "r"
  recording_group { include_global_resource_types = true }
}
resource "aws_config_configuration_recorder_status" "s" {
  name       = aws_config_configuration_recorder.dont_fire.name
  is_enabled = true
}
resource "aws_config_configuration_aggregator" "dont_fire" {
  name = "a"
  organization_aggregation_source { all_regions = true }
}]], live [[
[{"type": "aws:config:configuration-recorder", "name": "dont_fire", "body": {"name": "r",
  "recordingGroup": {"allSupported": true, "includeGlobalResourceTypes": true}, "Status": {"recording": true}}}]
]] },
    unknown = { [[
resource "aws_config_configuration_recorder" "a" {
  name = "r"
  recording_group { include_global_resource_types = true }
}]], live [[
[{"type": "aws:account:region", "name": "a", "body": {"Used": true}, "unknown": {"ConfigurationRecorders": "AccessDenied"}}]
]] },
  },
}
