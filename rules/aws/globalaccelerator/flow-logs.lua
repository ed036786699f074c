local values = lib "values"

return rule {
  id = "AWS-GA-001", title = "Accelerator keeps no flow logs",
  severity = "low", category = "logging",
  aliases = { "CKV_AWS_75" },
  frameworks = { "NIST-800-53r5:AU-2", "PCI-DSS-4.0:10.2.1", "SOC2:CC7.2", "ISO27001-2022:A.8.15" },
  for_each = "aws.globalaccelerator.accelerator",
  description = [[Flow logs show who came in at the edge, before addresses are translated.]],
  remediation = [[Set `flow_logs_enabled = true` and `flow_logs_s3_bucket` in `attributes`.]],
  references = { "https://docs.aws.amazon.com/global-accelerator/latest/dg/monitoring-global-accelerator.flow-logs.html" },
  check = function(e)
    if not e.logs.enabled then
      return fail("accelerator " .. e.name .. " keeps no flow logs (flow_logs_enabled is not true)", { at = "logs.enabled" })
    end
    local set = e.origin == "live" and e.logs.bucket ~= nil or
      e.origin ~= "live" and values.set(e, e.raw.attributes, "flow_logs_s3_bucket")
    if not set then return fail("flow logs of accelerator " .. e.name .. " have no bucket", { at = "logs.bucket" }) end
  end,
  tests = {
    fail = { [[resource "aws_globalaccelerator_accelerator" "fire" { name = "fire" }]], live [[
[{"type": "aws:globalaccelerator:accelerator", "name": "fire", "body": {"Name": "a", "AcceleratorAttributes": {"FlowLogsEnabled": false}}}]
]] },
    pass = { [[
resource "aws_globalaccelerator_accelerator" "dont_fire" {
  name = "dont-fire"
  attributes {
    flow_logs_enabled   = true
    flow_logs_s3_bucket = "flow-logs"
  }
}]], live [[
[{"type": "aws:globalaccelerator:accelerator", "name": "dont_fire",
  "body": {"Name": "a", "AcceleratorAttributes": {"FlowLogsEnabled": true, "FlowLogsS3Bucket": "b"}}}]
]] },
    unknown = { [[
variable "on" { type = bool }
resource "aws_globalaccelerator_accelerator" "a" {
  attributes {
    flow_logs_enabled   = var.on
    flow_logs_s3_bucket = "flow-logs"
  }
}]], live [[
[{"type": "aws:globalaccelerator:accelerator", "name": "a", "body": {}, "unknown": {"AcceleratorAttributes": "AccessDenied"}}]
]] },
  },
}
