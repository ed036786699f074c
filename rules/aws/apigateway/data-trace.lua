local tags = lib "tags"

return rule {
  id = "AWS-APIGW-003", title = "Stage logs full request data",
  severity = "medium", category = "network",
  aliases = { "CKV_AWS_276" },
  frameworks = { "NIST-800-53r5:AC-4", "PCI-DSS-4.0:1.3.2", "SOC2:CC6.7", "ISO27001-2022:A.8.12" },
  for_each = "aws.apigateway.method_settings",
  description = [[Whole requests and answers in a log bring passwords and personal data to everyone who reads it.]],
  remediation = [[Set `data_trace_enabled = false`.]],
  references = { "https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html" },
  check = function(e)
    if e.data_trace then
      return fail(e.name .. " logs full request data", { at = "data_trace", severity = tags.severity(e) })
    end
  end,
  fix = set("data_trace", false),
  tests = {
    fail = { [[
resource "aws_api_gateway_method_settings" "fire" {
  settings { data_trace_enabled = true }
}]] },
    pass = { [[
resource "aws_api_gateway_method_settings" "dont_fire" {
  settings { logging_level = "ERROR" }
}]] },
    unknown = { [[
variable "d" { type = bool }
resource "aws_api_gateway_method_settings" "a" {
  settings { data_trace_enabled = var.d }
}]] },
  },
}
