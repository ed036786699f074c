local values = lib "values"

-- Whether a WebSocket API is served; nil where the API is not in the scan. HTTP APIs have no client certificates.
local function is_websocket(e)
  if e.origin == "live" then
    for _, api in ipairs(graph.all("aws.apigateway.http_api")) do
      if api.origin == "live" and api.raw.ApiId == e.raw.ApiId then return api.protocol == "WEBSOCKET" end
    end
    return nil
  end
  for _, api in ipairs(e:targets(e.raw.api_id)) do
    if api.kind == "aws.apigateway.http_api" then return api.protocol == "WEBSOCKET" end
  end
end

return rule {
  id = "AWS-APIGW-010", title = "Back-end cannot verify that calls come from the gateway",
  severity = "low", category = "encryption",
  aliases = { "CKV2_AWS_51" },
  frameworks = { "NIST-800-53r5:SC-8", "PCI-DSS-4.0:4.2.1", "SOC2:CC6.7", "ISO27001-2022:A.8.24" },
  for_each = { "aws.apigateway.stage", "aws.apigateway.http_stage" },
  where = function(e) return e.kind == "aws.apigateway.stage" or is_websocket(e) == true end,
  description = [[With a client certificate, the back-end can turn away who comes past the gateway, its authorisation and its limits.]],
  remediation = [[Make an `aws_api_gateway_client_certificate`, set its id as `client_certificate_id`, and check it at the back-end.]],
  references = { "https://docs.aws.amazon.com/apigateway/latest/developerguide/getting-started-client-side-ssl-authentication.html" },
  check = function(e)
    if e.origin == "live" then
      if e.certificate ~= nil then return end
    elseif values.set(e, e.raw, "client_certificate_id") then
      return
    end
    return fail("stage " .. e.name .. " shows its back-end no client certificate", { at = "certificate" })
  end,
  tests = {
    fail = { [[resource "aws_api_gateway_stage" "fire" { stage_name = "v1" }]], [[
resource "aws_apigatewayv2_api" "w" { protocol_type = "WEBSOCKET" }
resource "aws_apigatewayv2_stage" "fire" {
  api_id = aws_apigatewayv2_api.w.id
  name   = "v1"
}]], live [[
[{"type": "aws:apigateway:stage", "name": "fire", "body": {"stageName": "v1"}}]
]] },
    pass = { [[
resource "aws_api_gateway_client_certificate" "c" {}
resource "aws_api_gateway_stage" "dont_fire" { client_certificate_id = aws_api_gateway_client_certificate.c.id }
resource "aws_apigatewayv2_api" "h" { protocol_type = "HTTP" }
resource "aws_apigatewayv2_stage" "dont_fire" {
  api_id = aws_apigatewayv2_api.h.id
  name   = "v1"
}]], live [[
[{"type": "aws:apigateway:stage", "name": "dont_fire", "body": {"stageName": "v1", "clientCertificateId": "c"}}]
]] },
    unknown = { [[
variable "c" {}
resource "aws_api_gateway_stage" "a" { client_certificate_id = var.c }]] },
  },
}
