return rule {
  id = "AWS-APIGW-007", title = "Stage does not cache responses",
  severity = "info", category = "resilience",
  aliases = { CKV_AWS_120 = "stage", CKV_AWS_225 = "method", ["AVD-AWS-0190"] = "method" },
  frameworks = { "NIST-800-53r5:SC-5", "SOC2:A1.1", "ISO27001-2022:A.8.6" },
  for_each = { "aws.apigateway.stage", "aws.apigateway.method_settings" },
  description = [[A cache answers repeated reads without the back-end, and keeps answering when many come at once.]],
  remediation = [[Set `cache_cluster_enabled = true` on the stage, and `caching_enabled = true` with `cache_data_encrypted = true` in the
settings of methods that read.]],
  references = { "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-caching.html" },
  check = function(e)
    if e.kind == "aws.apigateway.stage" then
      if not e.cache.enabled then return fail("stage " .. e.name .. " does not cache", { case = "stage", at = "cache.enabled" }) end
    elseif not e.caching then
      return fail("methods of " .. e.name .. " are not cached", { case = "method", at = "caching" })
    end
  end,
  tests = {
    fail = { [[resource "aws_api_gateway_stage" "fire" { stage_name = "v1" }]], [[
resource "aws_api_gateway_method_settings" "fire" {
  settings { caching_enabled = false }
}]], live [[
[{"type": "aws:apigateway:stage", "name": "fire", "body": {"stageName": "v1", "cacheClusterEnabled": false}}]
]] },
    pass = { [[
resource "aws_api_gateway_stage" "dont_fire" { cache_cluster_enabled = true }
resource "aws_api_gateway_method_settings" "dont_fire" {
  settings { caching_enabled = true }
}]], live [[
[{"type": "aws:apigateway:stage", "name": "dont_fire", "body": {"stageName": "v1", "cacheClusterEnabled": true}}]
]] },
    unknown = { [[
variable "c" { type = bool }
resource "aws_api_gateway_stage" "a" { cache_cluster_enabled = var.c }]] },
  },
}
