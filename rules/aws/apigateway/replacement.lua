return rule {
  id = "AWS-APIGW-012", title = "Replacing an API or deployment causes an outage",
  severity = "low", category = "resilience",
  aliases = { CKV_AWS_217 = "deployment", CKV_AWS_237 = "api" },
  frameworks = { "NIST-800-53r5:CP-10", "SOC2:A1.2", "ISO27001-2022:A.8.14" },
  for_each = { "aws.apigateway.deployment", "aws.apigateway.rest_api" },
  where = function(e) return e.origin ~= "live" and e.origin ~= "plan" end,
  description = [[When an API or a deployment is replaced, the old one goes first unless told otherwise, and calls fail until the new one is
there. A deployment that a stage serves cannot be deleted at all.]],
  remediation = [[Set `create_before_destroy = true` in `lifecycle`.]],
  references = { "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/api_gateway_deployment" },
  check = function(e)
    if e.extra.lifecycle and e.extra.lifecycle.create_before_destroy then return end
    if e.kind == "aws.apigateway.deployment" then
      return fail("deployment " .. e.name .. " is destroyed before its successor exists", { case = "deployment", at = e })
    end
    return fail("API " .. e.name .. " is destroyed before its successor exists", { case = "api", at = e })
  end,
  tests = {
    fail = { [[resource "aws_api_gateway_deployment" "fire" { rest_api_id = "r" }]], [[
resource "aws_api_gateway_rest_api" "fire" { name = "r" }]] },
    pass = { [[
resource "aws_api_gateway_deployment" "dont_fire" {
  rest_api_id = "r"
  lifecycle { create_before_destroy = true }
}
resource "aws_api_gateway_rest_api" "dont_fire" {
  name = "r"
  lifecycle { create_before_destroy = true }
}]] },
  },
}
