return rule {
  id = "AWS-APIGW-005", title = "Custom domain allows outdated TLS",
  severity = "high", category = "encryption",
  aliases = { "CKV_AWS_206", "AVD-AWS-0005" },
  frameworks = { "NIST-800-53r5:SC-8", "PCI-DSS-4.0:4.2.1", "SOC2:CC6.7", "ISO27001-2022:A.8.24" },
  for_each = "aws.apigateway.domain",
  description = [[Clients may use TLS 1.0, whose traffic can be read.]],
  remediation = [[Set `security_policy = "TLS_1_2"`.]],
  references = { "https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-custom-domain-tls-version.html" },
  check = function(e)
    local policy = e.policy
    if policy == nil or policy == "TLS_1_0" then
      return fail("domain " .. e.name .. " allows TLS 1.0", { at = "policy" })
    end
  end,
  fix = set("policy", "TLS_1_2"),
  tests = {
    fail = { live [[
[{"type": "aws:apigateway:domainname", "name": "fire", "body": {"securityPolicy": "TLS_1_0"}}]
]], [[
resource "aws_api_gateway_domain_name" "fire" {
  domain_name     = "api.example.com"
  security_policy = "TLS_1_0"
}]], [[resource "aws_api_gateway_domain_name" "fire" { domain_name = "api.example.com" }]] },
    pass = { live [[
[{"type": "aws:apigateway:domainname", "name": "dont_fire", "body": {"securityPolicy": "TLS_1_2"}}]
]], [[
resource "aws_api_gateway_domain_name" "dont_fire" { security_policy = "TLS_1_2" }
resource "aws_apigatewayv2_domain_name" "dont_fire" {
  domain_name_configuration { security_policy = "TLS_1_2" }
}]] },
    unknown = { [[
variable "p" {}
resource "aws_api_gateway_domain_name" "a" { security_policy = var.p }]] },
  },
}
