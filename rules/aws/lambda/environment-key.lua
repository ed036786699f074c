local kms = lib "kms"
local values = lib "values"

return rule {
  id = "AWS-LAMBDA-002", title = "Function environment is not encrypted with a customer managed key",
  severity = "medium", category = "encryption",
  aliases = { "CKV_AWS_173" },
  frameworks = { "NIST-800-53r5:SC-28", "PCI-DSS-4.0:3.5.1", "SOC2:CC6.1", "ISO27001-2022:A.8.24" },
  for_each = "aws.lambda.function",
  where = function(e)
    if e.origin == "live" then return e.raw.Environment ~= nil and #keys(e.raw.Environment.Variables) > 0 end
    return e.raw.environment ~= nil and #list(e.raw.environment) > 0
  end,
  description = [[With a key of one's own, reading the variables also needs a right on the key, and every use is logged.]],
  remediation = [[Set `kms_key_arn`.]],
  references = { "https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars-encryption.html" },
  check = function(e)
    if e.origin == "live" then
      if kms.is_own(e.key) then return end
    elseif values.own_key(e, e.raw, "kms_key_arn") then
      return
    end
    return fail("the environment of function " .. e.name .. " is not encrypted with a key of its own", { at = "variables" })
  end,
  tests = {
    fail = { live [[
[{"type": "aws:lambda:function", "name": "fire",
  "body": {"FunctionName": "f", "Environment": {"Variables": {"REGION": "x"}}}}]
]], [[
resource "aws_lambda_function" "fire" {
  function_name = "fire"
  environment { variables = { A = "b" } }
}]] },
    pass = { live [[
[{"type": "aws:lambda:function", "name": "dont_fire",
  "body": {"FunctionName": "f", "Environment": {"Variables": {"REGION": "x"}}, "KMSKeyArn": "arn:k"}},
 {"type": "aws:kms:key", "name": "k", "body": {"KeyId": "k", "Arn": "arn:k", "KeyManager": "CUSTOMER"}}]
]], [[
resource "aws_kms_key" "k" {}
resource "aws_lambda_function" "dont_fire" {
  function_name = "dont_fire"
  kms_key_arn   = aws_kms_key.k.arn
  environment { variables = { A = "b" } }
}
resource "aws_lambda_function" "dont_fire_without_variables" { function_name = "b" }]] },
    unknown = { [[
variable "key" {}
resource "aws_lambda_function" "a" {
  function_name = "a"
  kms_key_arn   = var.key
  environment { variables = { A = "b" } }
}]] },
  },
}
