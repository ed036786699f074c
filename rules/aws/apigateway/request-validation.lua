local values = lib "values"

return rule {
  id = "AWS-APIGW-009", title = "Requests are not validated",
  severity = "low", category = "network",
  aliases = { "CKV2_AWS_53" },
  frameworks = { "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6", "ISO27001-2022:A.8.20" },
  for_each = "aws.apigateway.method",
  -- Preflight requests carry nothing to validate.
  where = function(e) return not known(e.verb) or e.verb ~= "OPTIONS" end,
  description = [[Requests that lack a parameter or have a malformed body reach the back-end.]],
  remediation = [[Set `request_validator_id`.]],
  references = { "https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-method-request-validation.html" },
  check = function(e)
    if e.origin == "live" then
      if e.raw.requestValidatorId ~= nil then return end
    elseif values.set(e, e.raw, "request_validator_id") then
      return
    end
    return fail("requests to method " .. e.name .. " are not validated", { at = e })
  end,
  tests = {
    fail = { live [[
[{"type": "aws:apigateway:method", "name": "fire", "body": {"httpMethod": "POST", "authorizationType": "AWS_IAM"}}]
]], [[resource "aws_api_gateway_method" "fire" { http_method = "GET" }]] },
    pass = { live [[
[{"type": "aws:apigateway:method", "name": "dont_fire",
  "body": {"httpMethod": "POST", "authorizationType": "AWS_IAM", "requestValidatorId": "v"}}]
]], [[
resource "aws_api_gateway_request_validator" "v" { name = "v" }
resource "aws_api_gateway_method" "dont_fire" {
  http_method          = "GET"
  request_validator_id = aws_api_gateway_request_validator.v.id
}]] },
    unknown = { [[
variable "v" {}
resource "aws_api_gateway_method" "a" {
  http_method          = "GET"
  request_validator_id = var.v
}]] },
  },
}
