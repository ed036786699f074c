-- Whether the API can be reached from its VPC alone; nil where the API is not in the scan.
local function is_private(e)
  if e.origin == "live" then
    for _, api in ipairs(graph.all("aws.apigateway.rest_api")) do
      if api.origin == "live" and api.raw.id == e.raw.restApiId then return has(list(api.endpoints), "PRIVATE") end
    end
    return nil
  end
  for _, api in ipairs(e:targets(e.raw.rest_api_id)) do
    if api.kind == "aws.apigateway.rest_api" then return has(list(api.endpoints), "PRIVATE") end
  end
end

return rule {
  id = "AWS-APIGW-008", title = "Public API has no web ACL",
  severity = "medium", category = "network",
  aliases = { "CKV2_AWS_29" },
  frameworks = { "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6", "ISO27001-2022:A.8.20" },
  for_each = "aws.apigateway.stage",
  description = [[A web ACL turns common attacks away before they reach the application.]],
  remediation = [[Add an `aws_wafv2_web_acl_association` with the stage's ARN.]],
  references = { "https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-control-access-aws-waf.html" },
  -- Without endpoint_configuration an API is open at the edge; CKV2_AWS_29 then fails also a stage that has a web ACL.
  check = function(e)
    if is_private(e) then return end
    if e.origin == "live" then
      if e.acl ~= nil and e.acl ~= "" then return end
    elseif #e:satellites("firewall") > 0 or #e:satellites("regional_firewall") > 0 then
      return
    end
    return fail("stage " .. e.name .. " has no web ACL", { at = e })
  end,
  tests = {
    fail = { [[
resource "aws_api_gateway_rest_api" "r" { name = "r" }
resource "aws_api_gateway_stage" "fire" { rest_api_id = aws_api_gateway_rest_api.r.id }]], live [[
[{"type": "aws:apigateway:stage", "name": "fire", "body": {"stageName": "v1", "restApiId": "r"}}]
]] },
    pass = { [[
resource "aws_api_gateway_rest_api" "p" {
  name = "p"
  endpoint_configuration { types = ["PRIVATE"] }
}
resource "aws_api_gateway_stage" "dont_fire_private" { rest_api_id = aws_api_gateway_rest_api.p.id }
resource "aws_api_gateway_rest_api" "r" { name = "r" }
resource "aws_api_gateway_stage" "dont_fire" { rest_api_id = aws_api_gateway_rest_api.r.id }
resource "aws_wafv2_web_acl_association" "x" {
  resource_arn = aws_api_gateway_stage.dont_fire.arn
  web_acl_arn  = "arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/w/1"
}]], live [[
[{"type": "aws:apigateway:stage", "name": "dont_fire", "body": {"stageName": "v1", "webAclArn": "arn:w"}}]
]] },
    unknown = { [[
variable "arn" {}
resource "aws_api_gateway_rest_api" "r" { name = "r" }
resource "aws_api_gateway_stage" "a" { rest_api_id = aws_api_gateway_rest_api.r.id }
resource "aws_wafv2_web_acl_association" "x" {
  resource_arn = var.arn
  web_acl_arn  = "arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/w/1"
}]] },
  },
}
