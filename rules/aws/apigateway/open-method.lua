-- The protocol of the route's API; nil where it is not in the scan.
local function protocol(e)
  if e.origin == "live" then
    for _, api in ipairs(graph.all("aws.apigateway.http_api")) do
      if api.origin == "live" and api.raw.ApiId == e.raw.ApiId then return api.protocol end
    end
    return nil
  end
  for _, api in ipairs(e:targets(e.raw.api_id)) do
    if api.kind == "aws.apigateway.http_api" then return api.protocol end
  end
end

-- Only the request that opens a WebSocket can be authorised; browsers send preflight requests without credentials.
local function is_judged(e)
  if e.kind == "aws.apigateway.method" then return not known(e.verb) or e.verb ~= "OPTIONS" end
  if not known(e.key) then return true end
  if starts(e.key, "OPTIONS ") then return false end
  if starts(e.key, "$") and e.key ~= "$connect" and e.key ~= "$default" then return false end
  local kind = protocol(e)
  if kind == "WEBSOCKET" then return e.key == "$connect" end
  return true
end

return rule {
  id = "AWS-APIGW-001", title = "Method can be called without authorisation",
  severity = "high", category = "least-privilege",
  aliases = { CKV_AWS_59 = "method", CKV_AWS_309 = "route", CKV2_AWS_70 = "method", ["AVD-AWS-0004"] = "method" },
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = { "aws.apigateway.method", "aws.apigateway.route" },
  where = is_judged,
  description = [[Whoever knows the address of the API may call it, and what is behind it.]],
  remediation = [[Set `authorization` (`authorization_type` on routes) to AWS_IAM, CUSTOM, COGNITO_USER_POOLS or JWT with an authorizer.]],
  references = { "https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-control-access-to-api.html",
    "https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-access-control.html" },
  -- CKV2_AWS_70 fails OPTIONS methods, which must answer without authorisation for browsers to call at all, and passes
  -- all others; AVD-AWS-0004 spells the verb "OPTION".
  check = function(e)
    local authorization = e.authorization
    if authorization ~= nil and authorization ~= "NONE" and authorization ~= "" then return end
    if e.kind == "aws.apigateway.method" then
      if e.key_required then return end
      return fail("method " .. (e.verb or e.name) .. " of " .. e.name .. " needs no authorisation", { case = "method", at = "authorization" })
    end
    if e.key_required then return end
    return fail("route " .. (e.key or e.name) .. " needs no authorisation", { case = "route", at = "authorization" })
  end,
  tests = {
    fail = { [[
resource "aws_api_gateway_method" "fire" {
  http_method   = "GET"
  authorization = "NONE"
}]], [[resource "aws_apigatewayv2_route" "fire" { route_key = "GET /x" }]], live [[
[{"type": "aws:apigateway:method", "name": "fire", "body": {"httpMethod": "POST", "authorizationType": "NONE", "apiKeyRequired": false}},
 {"type": "aws:apigateway:route", "name": "fire", "body": {"RouteKey": "GET /x", "AuthorizationType": "NONE"}}]
]] },
    pass = { [[
resource "aws_api_gateway_method" "dont_fire" {
  http_method   = "GET"
  authorization = "AWS_IAM"
}
resource "aws_api_gateway_method" "dont_fire_preflight" {
  http_method   = "OPTIONS"
  authorization = "NONE"
}
resource "aws_apigatewayv2_api" "w" { protocol_type = "WEBSOCKET" }
resource "aws_apigatewayv2_route" "dont_fire" {
  api_id    = aws_apigatewayv2_api.w.id
  route_key = "$default"
}]], live [[
[{"type": "aws:apigateway:route", "name": "dont_fire", "body": {"RouteKey": "GET /x", "AuthorizationType": "JWT"}}]
]] },
    unknown = { [[
variable "a" {}
resource "aws_api_gateway_method" "a" {
  http_method   = "GET"
  authorization = var.a
}]] },
  },
}
