return rule {
  id = "AWS-APIGW-004", title = "Tracing is off",
  severity = "low", category = "logging",
  aliases = { "CKV_AWS_73", "AVD-AWS-0003" },
  frameworks = { "NIST-800-53r5:AU-2", "PCI-DSS-4.0:10.2.1", "SOC2:CC7.2", "ISO27001-2022:A.8.15" },
  for_each = "aws.apigateway.stage",
  description = [[A trace shows where a request that crosses services failed or waited.]],
  remediation = [[Set `xray_tracing_enabled = true`.]],
  references = { "https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-xray.html" },
  check = function(e)
    if not e.tracing then return fail("stage " .. e.name .. " is not traced", { at = "tracing" }) end
  end,
  fix = set("tracing", true),
  tests = {
    fail = { live [[
[{"type": "aws:apigateway:stage", "name": "fire", "body": {"tracingEnabled": false}}]
]], [[resource "aws_api_gateway_stage" "fire" { stage_name = "v1" }]] },
    pass = { live [[
[{"type": "aws:apigateway:stage", "name": "dont_fire", "body": {"tracingEnabled": true}}]
]], [[resource "aws_api_gateway_stage" "dont_fire" { xray_tracing_enabled = true }]] },
    unknown = { [[
variable "t" { type = bool }
resource "aws_api_gateway_stage" "a" { xray_tracing_enabled = var.t }]] },
  },
}
