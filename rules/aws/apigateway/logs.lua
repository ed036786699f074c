local apigateway = lib "apigateway"
local values = lib "values"

local function access(e)
  local set
  if e.origin == "live" then
    set = e.log.destination ~= nil
  else
    set = values.set(e, e.raw.access_log_settings, "destination_arn")
  end
  if not set then return fail("stage " .. e.name .. " keeps no access log", { case = "access", at = "log.destination" }) end
end

local function is_level(level) return one_of(level, "ERROR", "INFO") end

-- Settings of all methods of a stage: what code binds to it, or what the answer says.
local function execution(e)
  local function lacks() return fail("stage " .. e.name .. " keeps no execution log and metrics of all methods", { case = "execution", at = e }) end
  if e.origin == "live" then
    local all = e.raw.methodSettings and e.raw.methodSettings["*/*"]
    if all ~= nil and is_level(all.loggingLevel) and all.metricsEnabled then return end
    return lacks()
  end
  local closest
  for _, settings in ipairs(apigateway.settings(e)) do
    if settings.path == nil or settings.path == "*/*" then
      if is_level(settings.level) and settings.metrics then return end
      closest = settings
    end
  end
  if closest == nil then return lacks() end
  local what = is_level(closest.level) and "has no metrics" or "does not log"
  return fail("stage " .. e.name .. " " .. what .. " for all methods",
    { case = "execution", at = e, evidence = { { closest, "its settings" } } })
end

return rule {
  id = "AWS-APIGW-002", title = "Stage keeps no access or execution log",
  severity = "medium", category = "logging",
  aliases = { CKV_AWS_76 = "access", CKV_AWS_95 = "access", ["AVD-AWS-0001"] = "access", CKV2_AWS_4 = "execution" },
  frameworks = { "NIST-800-53r5:AU-2", "PCI-DSS-4.0:10.2.1", "SOC2:CC7.2", "ISO27001-2022:A.8.15" },
  for_each = { "aws.apigateway.stage", "aws.apigateway.http_stage" },
  description = [[The access log shows who called what; the execution log why a call failed.]],
  remediation = [[Set `access_log_settings`, and add an `aws_api_gateway_method_settings` for `*/*` with `logging_level = "ERROR"` and
`metrics_enabled = true`.]],
  references = { "https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-logging.html" },
  check = function(e)
    local failures = { access(e) }
    if e.kind == "aws.apigateway.stage" then failures[#failures + 1] = execution(e) end
    return failures
  end,
  tests = {
    fail = { [[resource "aws_api_gateway_stage" "fire" { stage_name = "v1" }]], [[
resource "aws_apigatewayv2_stage" "fire" { name = "v1" }]], [[
resource "aws_api_gateway_rest_api" "a" { name = "a" }
resource "aws_api_gateway_rest_api" "b" { name = "b" }
resource "aws_api_gateway_stage" "fire" {
  rest_api_id = aws_api_gateway_rest_api.a.id
  stage_name  = "v1"
  access_log_settings { destination_arn = "arn:aws:logs:eu-west-1:123456789012:log-group:x" }
}
resource "aws_api_gateway_method_settings" "other" {
  rest_api_id = aws_api_gateway_rest_api.b.id
  stage_name  = "v1"
  method_path = "*/*"
  settings {
    logging_level   = "INFO"
    metrics_enabled = true
  }
}]], [[
resource "aws_api_gateway_stage" "fire" {
  stage_name = "v1"
  access_log_settings { destination_arn = "arn:aws:logs:eu-west-1:123456789012:log-group:x" }
}
resource "aws_api_gateway_method_settings" "s" {
  stage_name  = aws_api_gateway_stage.fire.stage_name
  method_path = "*/*"
  settings { logging_level = "OFF" }
}]], live [[
[{"type": "aws:apigateway:stage", "name": "fire", "body": {"stageName": "v1",
  "methodSettings": {"*/*": {"loggingLevel": "INFO", "metricsEnabled": true}}}}]
]] },
    pass = { [[
resource "aws_cloudwatch_log_group" "g" { name = "g" }
resource "aws_api_gateway_stage" "dont_fire" {
  stage_name = "v1"
  access_log_settings { destination_arn = aws_cloudwatch_log_group.g.arn }
}
resource "aws_api_gateway_method_settings" "s" {
  stage_name  = aws_api_gateway_stage.dont_fire.stage_name
  method_path = "*/*"
  settings {
    logging_level   = "ERROR"
    metrics_enabled = true
  }
}
resource "aws_apigatewayv2_stage" "dont_fire" {
  name = "v1"
  access_log_settings { destination_arn = aws_cloudwatch_log_group.g.arn }
}]], live [[
[{"type": "aws:apigateway:stage", "name": "dont_fire", "body": {"stageName": "v1", "accessLogSettings": {"destinationArn": "arn:x"},
  "methodSettings": {"*/*": {"loggingLevel": "INFO", "metricsEnabled": true}}}}]
]] },
    unknown = { [[
variable "d" {}
resource "aws_apigatewayv2_stage" "a" {
  name = "v1"
  access_log_settings { destination_arn = var.d }
}]] },
  },
}
