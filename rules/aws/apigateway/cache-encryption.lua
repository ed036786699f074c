return rule {
  id = "AWS-APIGW-006", title = "Stage cache holds responses unencrypted",
  severity = "medium", category = "encryption",
  aliases = { "CKV_AWS_308", "AVD-AWS-0002" },
  frameworks = { "NIST-800-53r5:SC-28", "PCI-DSS-4.0:3.5.1", "SOC2:CC6.1", "ISO27001-2022:A.8.24" },
  for_each = "aws.apigateway.method_settings",
  description = [[Cached answers hold what callers were told, in the clear.]],
  remediation = [[Set `cache_data_encrypted = true`.]],
  references = { "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-caching.html" },
  check = function(e)
    if e.caching and not e.encrypted then return fail("the cache of " .. e.name .. " is not encrypted", { at = "encrypted" }) end
  end,
  fix = set("encrypted", true),
  tests = {
    fail = { [[
resource "aws_api_gateway_method_settings" "fire" {
  settings { caching_enabled = true }
}]] },
    pass = { [[
resource "aws_api_gateway_method_settings" "dont_fire" {
  settings {
    caching_enabled      = true
    cache_data_encrypted = true
  }
}]] },
    unknown = { [[
variable "e" { type = bool }
resource "aws_api_gateway_method_settings" "a" {
  settings {
    caching_enabled      = true
    cache_data_encrypted = var.e
  }
}]] },
  },
}
