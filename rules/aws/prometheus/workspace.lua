local values = lib "values"

local function set(e, holder, field, live_value)
  if e.origin == "live" then return live_value ~= nil end
  return values.set(e, holder, field)
end

return rule {
  id = "AWS-AMP-001", title = "Managed Prometheus workspace lacks a key, logging or alerting",
  severity = "low", category = "logging",
  frameworks = { "NIST-800-53r5:AU-2", "PCI-DSS-4.0:10.2.1", "SOC2:CC7.2", "ISO27001-2022:A.8.15" },
  for_each = "aws.prometheus.workspace",
  description = [[Without its log, nobody sees which alerts could not be sent; without an alert manager, none are sent at all.]],
  remediation = [[Set `kms_key_arn` and `logging_configuration`, and add an `aws_prometheus_alert_manager_definition`.]],
  references = { "https://docs.aws.amazon.com/prometheus/latest/userguide/CW-logs.html",
    "https://docs.aws.amazon.com/prometheus/latest/userguide/AMP-alert-manager.html" },
  check = function(e)
    local failures = {}
    if not set(e, e.raw, "kms_key_arn", e.origin == "live" and e.key or nil) then
      failures[1] = fail("workspace " .. e.name .. " has no key of its own", { case = "key", at = e })
    end
    if not set(e, e.raw.logging_configuration, "log_group_arn", e.origin == "live" and e.log or nil) then
      failures[#failures + 1] = fail("workspace " .. e.name .. " keeps no log", { case = "log", at = e })
    end
    local alerts = e.origin == "live" and e.raw.alertManagerDefinition ~= nil or e.origin ~= "live" and #e:satellites("alerts") > 0
    if not alerts then
      failures[#failures + 1] = fail("workspace " .. e.name .. " has no alert manager", { case = "alerts", at = e })
    end
    return failures
  end,
  tests = {
    fail = { [[resource "aws_prometheus_workspace" "fire" { alias = "fire" }]], live [[
[{"type": "aws:aps:workspace", "name": "fire", "body": {"alias": "w", "kmsKeyArn": "arn:k", "loggingConfiguration": {"logGroupArn": "arn:l"}}}]
]] },
    pass = { [[
resource "aws_kms_key" "k" {}
resource "aws_cloudwatch_log_group" "g" { name = "g" }
resource "aws_prometheus_workspace" "dont_fire" {
  alias       = "dont-fire"
  kms_key_arn = aws_kms_key.k.arn
  logging_configuration { log_group_arn = "${aws_cloudwatch_log_group.g.arn}:*" }
}
resource "aws_prometheus_alert_manager_definition" "a" {
  workspace_id = aws_prometheus_workspace.dont_fire.id
  definition   = "alertmanager_config: {}"
}]], live [[
[{"type": "aws:aps:workspace", "name": "dont_fire", "body": {"alias": "w", "kmsKeyArn": "arn:k",
  "loggingConfiguration": {"logGroupArn": "arn:l"}, "alertManagerDefinition": {"status": {"statusCode": "ACTIVE"}}}}]
]] },
    unknown = { [[
variable "w" {}
resource "aws_kms_key" "k" {}
resource "aws_prometheus_workspace" "a" {
  kms_key_arn = aws_kms_key.k.arn
  logging_configuration { log_group_arn = "arn:l" }
}
resource "aws_prometheus_alert_manager_definition" "a" { workspace_id = var.w }]] },
  },
}
