return rule {
  id = "AWS-LAMBDA-010", title = "Function is not traced",
  severity = "low", category = "logging",
  aliases = { CKV_AWS_50 = "missing", "AVD-AWS-0066" },
  frameworks = { "NIST-800-53r5:AU-2", "PCI-DSS-4.0:10.2.1", "SOC2:CC7.2", "ISO27001-2022:A.8.15" },
  for_each = "aws.lambda.function",
  description = [[A trace shows where a request that crosses services failed or waited.]],
  remediation = [[Set `mode = "Active"` in `tracing_config`.]],
  references = { "https://docs.aws.amazon.com/lambda/latest/dg/services-xray.html" },
  -- PassThrough traces only what its caller already traces: CKV_AWS_50 accepts it, this rule does not.
  check = function(e)
    if e.tracing == "Active" then return end
    local missing = e.origin ~= "live" and #list(e.raw.tracing_config) == 0
    return fail("function " .. e.name .. " is not traced", { case = missing and "missing" or "passive", at = "tracing" })
  end,
  fix = set("tracing", "Active"),
  tests = {
    fail = { live [[
[{"type": "aws:lambda:function", "name": "fire", "body": {"TracingConfig": {"Mode": "PassThrough"}}}]
]], [[resource "aws_lambda_function" "fire" { function_name = "fire" }]], [[
resource "aws_lambda_function" "fire" {
  function_name = "fire"
  tracing_config { mode = "PassThrough" }
}]] },
    pass = { live [[
[{"type": "aws:lambda:function", "name": "dont_fire", "body": {"TracingConfig": {"Mode": "Active"}}}]
]], [[
resource "aws_lambda_function" "dont_fire" {
  function_name = "dont_fire"
  tracing_config { mode = "Active" }
}]] },
    unknown = { [[
variable "m" {}
resource "aws_lambda_function" "a" {
  function_name = "a"
  tracing_config { mode = var.m }
}]] },
  },
}
