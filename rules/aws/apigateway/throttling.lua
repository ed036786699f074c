local apigateway = lib "apigateway"

-- -1 (REST) and 0 (HTTP, usage plans) stand for the limits of the whole account.
local function limits(part)
  return part.throttle.rate > 0 and part.throttle.burst > 0
end

local function plan_covers(plan, e)
  if e.origin == "live" then
    for _, one in ipairs(list(plan.stages)) do
      if one.apiId == e.raw.restApiId and one.stage == e.raw.stageName then return true end
    end
    return false
  end
  for _, one in ipairs(list(plan.raw.api_stages)) do
    for _, target in ipairs(plan:targets(one.stage)) do
      if target.address == e.address then return true end
    end
    for _, target in ipairs(plan:targets(one.api_id)) do
      for _, own in ipairs(e:targets(e.raw.rest_api_id)) do
        if own.address == target.address and known(one.stage) and known(e.stage_name) and one.stage == e.stage_name then return true end
      end
    end
  end
  return false
end

local function rest(e)
  if e.origin == "live" then
    local all = e.raw.methodSettings and e.raw.methodSettings["*/*"]
    if all ~= nil and (all.throttlingRateLimit or -1) > 0 and (all.throttlingBurstLimit or -1) > 0 then return true end
  else
    for _, settings in ipairs(apigateway.settings(e)) do
      if limits(settings) then return true end
    end
  end
  for _, plan in ipairs(graph.all("aws.apigateway.usage_plan")) do
    if (plan.origin == "live") == (e.origin == "live") and limits(plan) and plan_covers(plan, e) then return true end
  end
  return false
end

return rule {
  id = "AWS-APIGW-011", title = "API has no throttling",
  severity = "medium", category = "network",
  frameworks = { "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6", "ISO27001-2022:A.8.20" },
  for_each = { "aws.apigateway.stage", "aws.apigateway.http_stage" },
  description = [[Without limits of its own, one API takes what the whole account may call, and its back-end takes everything that comes.]],
  remediation = [[Set `throttling_rate_limit` and `throttling_burst_limit` in the method settings, the `default_route_settings` or a usage
plan.]],
  references = { "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-request-throttling.html" },
  check = function(e)
    local limited
    if e.kind == "aws.apigateway.http_stage" then limited = limits(e) else limited = rest(e) end
    if not limited then return fail("stage " .. e.name .. " has no limits of its own", { at = e }) end
  end,
  tests = {
    fail = { [[resource "aws_api_gateway_stage" "fire" { stage_name = "v1" }]], [[
resource "aws_apigatewayv2_stage" "fire" { name = "v1" }]], live [[
[{"type": "aws:apigateway:stage", "name": "fire", "body": {"stageName": "v1", "methodSettings": {}}}]
]] },
    pass = { [[
resource "aws_api_gateway_stage" "dont_fire" { stage_name = "v1" }
resource "aws_api_gateway_method_settings" "s" {
  stage_name  = aws_api_gateway_stage.dont_fire.stage_name
  method_path = "*/*"
  settings {
    throttling_rate_limit  = 100
    throttling_burst_limit = 200
  }
}
resource "aws_apigatewayv2_stage" "dont_fire" {
  name = "v1"
  default_route_settings {
    throttling_rate_limit  = 100
    throttling_burst_limit = 200
  }
}]], [[
resource "aws_api_gateway_rest_api" "r" { name = "r" }
resource "aws_api_gateway_stage" "dont_fire" {
  rest_api_id = aws_api_gateway_rest_api.r.id
  stage_name  = "v1"
}
resource "aws_api_gateway_usage_plan" "p" {
  name = "p"
  api_stages {
    api_id = aws_api_gateway_rest_api.r.id
    stage  = aws_api_gateway_stage.dont_fire.stage_name
  }
  throttle_settings {
    rate_limit  = 10
    burst_limit = 20
  }
}]], live [[
[{"type": "aws:apigateway:stage", "name": "dont_fire", "body": {"stageName": "v1",
  "methodSettings": {"*/*": {"throttlingRateLimit": 10.0, "throttlingBurstLimit": 20}}}}]
]] },
    unknown = { [[
variable "r" { type = number }
resource "aws_apigatewayv2_stage" "a" {
  name = "v1"
  default_route_settings {
    throttling_rate_limit  = var.r
    throttling_burst_limit = 200
  }
}]] },
  },
}
