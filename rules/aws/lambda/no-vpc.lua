return rule {
  id = "AWS-LAMBDA-007", title = "Function is not attached to a VPC",
  severity = "low", category = "network",
  aliases = { "CKV_AWS_117" },
  frameworks = { "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6", "ISO27001-2022:A.8.20" },
  for_each = "aws.lambda.function",
  description = [[A function outside a VPC reaches the internet without passing any filter, and data stores only over public
addresses.]],
  remediation = [[Add `vpc_config` with private subnets and a security group.]],
  references = { "https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html" },
  check = function(e)
    if e.origin ~= "live" then
      if #list(e.raw.vpc_config) > 0 then return end
    elseif e.subnets ~= nil and #e.subnets > 0 then
      return
    end
    return fail("function " .. e.name .. " is not in a VPC")
  end,
  tests = {
    fail = { live [[
[{"type": "aws:lambda:function", "name": "fire", "body": {"VpcConfig": {"SubnetIds": []}}}]
]], [[resource "aws_lambda_function" "fire" { function_name = "fire" }]] },
    pass = { live [[
[{"type": "aws:lambda:function", "name": "dont_fire", "body": {"VpcConfig": {"SubnetIds": ["s"]}}}]
]], [[
resource "aws_lambda_function" "dont_fire" {
  function_name = "dont_fire"
  vpc_config {
    subnet_ids         = ["subnet-1"]
    security_group_ids = ["sg-1"]
  }
}]] },
    unknown = { [[
variable "vpc" { type = list(any) }
resource "aws_lambda_function" "a" {
  function_name = "a"
  dynamic "vpc_config" {
    for_each = var.vpc
    content {
      subnet_ids         = ["subnet-1"]
      security_group_ids = ["sg-1"]
    }
  }
}]] },
  },
}
