local values = lib "values"

return rule {
  id = "AWS-LAMBDA-008", title = "Function code is not signed",
  severity = "medium", category = "supply-chain",
  version = 2, changes = { "judged on live answers too" },
  aliases = { CKV_AWS_272 = "unsigned" },
  frameworks = { "NIST-800-53r5:SR-3", "PCI-DSS-4.0:6.3.2", "SOC2:CC8.1", "ISO27001-2022:A.5.21" },
  for_each = "aws.lambda.function",
  -- Container images cannot be signed this way.
  where = function(e) return e.package ~= "Image" end,
  description = [[Only signatures show that the code that runs is what the build made.]],
  remediation = [[Set `code_signing_config_arn` to a configuration whose policy is `Enforce`.]],
  references = { "https://docs.aws.amazon.com/lambda/latest/dg/configuration-codesigning.html" },
  check = function(e)
    local name = e.origin == "live" and "CodeSigningConfigArn" or "code_signing_config_arn"
    if not values.set(e, e.raw, name) then
      return fail("the code of function " .. e.name .. " need not be signed", { case = "unsigned" })
    end
    for _, config in ipairs(e:targets(e.raw[name])) do
      if config.kind == "aws.lambda.code_signing" and config.policy ~= "Enforce" then
        return fail("unsigned code of function " .. e.name .. " only causes a warning",
          { case = "warn", at = "signing", evidence = { { config, "the signing configuration" } } })
      end
    end
  end,
  tests = {
    fail = { [[resource "aws_lambda_function" "fire" { function_name = "fire" }]], [[
resource "aws_lambda_code_signing_config" "c" {
  allowed_publishers { signing_profile_version_arns = ["arn:aws:signer:eu-west-1:123456789012:/signing-profiles/p/v"] }
}
resource "aws_lambda_function" "fire" {
  function_name           = "fire"
  code_signing_config_arn = aws_lambda_code_signing_config.c.arn
}]], live [[
[{"type": "aws:lambda:function", "name": "fire", "body": {"FunctionName": "fire", "PackageType": "Zip"}}]
]] },
    pass = { [[
resource "aws_lambda_code_signing_config" "c" {
  policies { untrusted_artifact_on_deployment = "Enforce" }
}
resource "aws_lambda_function" "dont_fire" {
  function_name           = "dont_fire"
  code_signing_config_arn = aws_lambda_code_signing_config.c.arn
}]], live [[
[{"type": "aws:lambda:function", "name": "dont_fire", "body": {"FunctionName": "dont_fire", "PackageType": "Zip", "CodeSigningConfigArn": "arn:aws:lambda:eu-west-1:1:code-signing-config:csc-1"}}]
]] },
    unknown = { [[
variable "c" {}
resource "aws_lambda_function" "a" {
  function_name           = "a"
  code_signing_config_arn = var.c
}]], live [[
[{"type": "aws:lambda:function", "name": "a", "body": {"FunctionName": "a", "PackageType": "Zip"}, "unknown": {"CodeSigningConfigArn": "AccessDenied"}}]
]] },
  },
}
