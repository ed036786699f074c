-- Parameters whose values the address or a header of the request depends on, also through a data source.
local function parameters_of(e)
  local found = {}
  for _, other in ipairs(e:edges_from("references")) do
    if other.kind == "aws.ssm.parameter" or other.type == "data.aws_ssm_parameter" then found[#found + 1] = other end
  end
  return found
end

return rule {
  id = "AWS-SSM-004", title = "Parameter value leaves through an HTTP data source",
  severity = "high", category = "network",
  aliases = { "CKV2_AWS_36", "AVD-AWS-0134" },
  frameworks = { "NIST-800-53r5:AC-4", "PCI-DSS-4.0:1.3.2", "SOC2:CC6.7", "ISO27001-2022:A.8.12" },
  for_each = "terraform.resource", -- code only: the request is made while Terraform plans
  where = function(e) return e.type == "data.http" end,
  description = [[A request that carries a parameter's value hands it to whoever answers, and to every log on the way, each time Terraform
plans.]],
  remediation = [[Take the value out of the request; let what needs it read it from the parameter store.]],
  references = { "https://docs.aws.amazon.com/systems-manager/latest/userguide/systems-manager-parameter-store.html" },
  -- As in CKV2_AWS_36, a parameter of type String is no secret.
  check = function(e)
    for _, parameter in ipairs(parameters_of(e)) do
      local secret = parameter.raw.type == "SecureString" or parameter.type == "data.aws_ssm_parameter"
      if secret then
        return fail("the request " .. e.name .. " sends the value of parameter " .. parameter.name,
          { at = e, evidence = { { parameter, "the parameter" } } })
      end
    end
  end,
  tests = {
    fail = { [[
resource "aws_ssm_parameter" "p" {
  name  = "p"
  type  = "SecureString"
  value = "placeholder"
}
data "http" "fire" { url = "https://example.com/?t=${aws_ssm_parameter.p.value}" }]], [[
data "aws_ssm_parameter" "p" { name = "p" }
data "http" "fire" {
  url             = "https://example.com/"
  request_headers = { Authorization = data.aws_ssm_parameter.p.value }
}]] },
    pass = { [[data "http" "dont_fire" { url = "https://example.com/" }]], [[
resource "aws_ssm_parameter" "p" {
  name  = "p"
  type  = "String"
  value = "eu"
}
data "http" "dont_fire" { url = "https://example.com/${aws_ssm_parameter.p.value}" }]] },
    unknown = { [[
variable "kind" {}
resource "aws_ssm_parameter" "p" {
  name = "p"
  type = var.kind
}
data "http" "a" { url = "https://example.com/${aws_ssm_parameter.p.value}" }]] },
  },
}
