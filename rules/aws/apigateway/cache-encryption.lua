return rule {
  id = "AWS-APIGW-006", title = "Stage cache holds responses unencrypted",
  severity = "medium", category = "encryption",
  version = 2, changes = { "judged on live answers too" },
  aliases = { "CKV_AWS_308", "AVD-AWS-0002" },
  frameworks = { "NIST-800-53r5:SC-28", "PCI-DSS-4.0:3.5.1", "SOC2:CC6.1", "ISO27001-2022:A.8.24" },
  for_each = { "aws.apigateway.method_settings", "aws.apigateway.stage" },
  where = function(e) return e.kind == "aws.apigateway.method_settings" or e.origin == "live" end,
  description = [[Cached answers hold what callers were told, in the clear.]],
  remediation = [[Set `cache_data_encrypted = true`.]],
  references = { "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-caching.html" },
  check = function(e)
    if e.kind == "aws.apigateway.stage" then
      if not e.cache.enabled then return end -- without a cluster methods cache nothing
      local found = {}
      for methods, settings in pairs(e.method_settings) do
        if settings.cachingEnabled and not settings.cacheDataEncrypted then
          found[#found + 1] = fail("the cache of " .. methods .. " in stage " .. e.name .. " is not encrypted", { at = settings })
        end
      end
      return found
    end
    if e.caching and not e.encrypted then return fail("the cache of " .. e.name .. " is not encrypted", { at = "encrypted" }) end
  end,
  fix = set("encrypted", true),
  tests = {
    fail = { live [[
[{"type": "aws:apigateway:stage", "name": "fire", "body": {"stageName": "v1", "cacheClusterEnabled": true,
  "methodSettings": {"orders/GET": {"cachingEnabled": true, "cacheDataEncrypted": false}}}}]
]], [[
resource "aws_api_gateway_method_settings" "fire" {
  settings { caching_enabled = true }
}]] },
    pass = { live [[
[{"type": "aws:apigateway:stage", "name": "dont_fire", "body": {"stageName": "v1", "cacheClusterEnabled": true,
  "methodSettings": {"*/*": {"cachingEnabled": true, "cacheDataEncrypted": true}}}},
 {"type": "aws:apigateway:stage", "name": "without", "body": {"stageName": "v2", "cacheClusterEnabled": false,
  "methodSettings": {"*/*": {"cachingEnabled": true, "cacheDataEncrypted": false}}}}]
]], [[
resource "aws_api_gateway_method_settings" "dont_fire" {
  settings {
    caching_enabled      = true
    cache_data_encrypted = true
  }
}]] },
    unknown = { live [[
[{"type": "aws:apigateway:stage", "name": "unsure", "body": {"stageName": "v1", "cacheClusterEnabled": true},
  "unknown": {"methodSettings": "not exported"}}]
]], [[
variable "e" { type = bool }
resource "aws_api_gateway_method_settings" "a" {
  settings {
    caching_enabled      = true
    cache_data_encrypted = var.e
  }
}]] },
  },
}
