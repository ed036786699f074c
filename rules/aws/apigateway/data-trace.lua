local tags = lib "tags"

return rule {
  id = "AWS-APIGW-003", title = "Stage logs full request data",
  severity = "medium", category = "network",
  version = 2, changes = { "judged on live answers too" },
  aliases = { "CKV_AWS_276" },
  frameworks = { "NIST-800-53r5:AC-4", "PCI-DSS-4.0:1.3.2", "SOC2:CC6.7", "ISO27001-2022:A.8.12" },
  for_each = { "aws.apigateway.method_settings", "aws.apigateway.stage" },
  where = function(e) return e.kind == "aws.apigateway.method_settings" or e.origin == "live" end,
  description = [[Whole requests and answers in a log bring passwords and personal data to everyone who reads it.]],
  remediation = [[Set `data_trace_enabled = false`.]],
  references = { "https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html" },
  check = function(e)
    if e.kind == "aws.apigateway.stage" then
      local found = {}
      for methods, settings in pairs(e.method_settings) do
        if settings.dataTraceEnabled then
          found[#found + 1] = fail("stage " .. e.name .. " logs full request data of " .. methods,
            { at = settings, severity = tags.severity(e) })
        end
      end
      return found
    end
    if e.data_trace then
      return fail(e.name .. " logs full request data", { at = "data_trace", severity = tags.severity(e) })
    end
  end,
  fix = set("data_trace", false),
  tests = {
    fail = { live [[
[{"type": "aws:apigateway:stage", "name": "fire", "body": {"stageName": "v1", "methodSettings": {"*/*": {"dataTraceEnabled": true}}}}]
]], [[
resource "aws_api_gateway_method_settings" "fire" {
  settings { data_trace_enabled = true }
}]] },
    pass = { live [[
[{"type": "aws:apigateway:stage", "name": "dont_fire",
  "body": {"stageName": "v1", "methodSettings": {"*/*": {"dataTraceEnabled": false, "loggingLevel": "ERROR"}}}},
 {"type": "aws:apigateway:stage", "name": "default", "body": {"stageName": "v2"}}]
]], [[
resource "aws_api_gateway_method_settings" "dont_fire" {
  settings { logging_level = "ERROR" }
}]] },
    unknown = { live [[
[{"type": "aws:apigateway:stage", "name": "unsure", "body": {"stageName": "v1"}, "unknown": {"methodSettings": "not exported"}}]
]], [[
variable "d" { type = bool }
resource "aws_api_gateway_method_settings" "a" {
  settings { data_trace_enabled = var.d }
}]] },
  },
}
