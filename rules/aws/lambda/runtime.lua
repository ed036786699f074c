-- Runtimes that AWS no longer supports.
local deprecated = {}
for _, name in ipairs { "nodejs", "nodejs4.3", "nodejs4.3-edge", "nodejs6.10", "nodejs8.10", "nodejs10.x", "nodejs12.x", "nodejs14.x",
  "nodejs16.x", "nodejs18.x", "python2.7", "python3.6", "python3.7", "python3.8", "python3.9", "ruby2.5", "ruby2.7", "java8", "go1.x",
  "provided", "dotnetcore1.0", "dotnetcore2.0", "dotnetcore2.1", "dotnetcore3.1", "dotnet5.0", "dotnet6", "dotnet7" } do
  deprecated[name] = true
end

return rule {
  id = "AWS-LAMBDA-006", title = "Function runtime is out of support",
  severity = "medium", category = "hygiene",
  aliases = { "CKV_AWS_363" },
  frameworks = { "NIST-800-53r5:SI-2", "PCI-DSS-4.0:6.3.3", "SOC2:CC7.1", "ISO27001-2022:A.8.8" },
  for_each = "aws.lambda.function",
  description = [[A runtime out of support gets no security fixes, and after a while functions that use it can no longer be
updated.]],
  remediation = [[Move the function to a supported `runtime`.]],
  references = { "https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html" },
  check = function(e)
    if e.package == "Image" then unknown("the runtime of a container image is in the image") end
    local runtime = e.runtime
    if runtime ~= nil and deprecated[runtime] then
      return fail("runtime " .. runtime .. " of function " .. e.name .. " is out of support", { at = "runtime" })
    end
  end,
  tests = {
    fail = { live [[
[{"type": "aws:lambda:function", "name": "fire", "body": {"Runtime": "python3.7"}}]
]], [[
resource "aws_lambda_function" "fire" {
  function_name = "fire"
  runtime       = "python3.6"
}]] },
    pass = { live [[
[{"type": "aws:lambda:function", "name": "dont_fire", "body": {"Runtime": "python3.13"}}]
]], [[
resource "aws_lambda_function" "dont_fire" {
  function_name = "dont_fire"
  runtime       = "python3.13"
}]] },
    unknown = { [[
resource "aws_lambda_function" "a" {
  function_name = "a"
  package_type  = "Image"
}]], [[
variable "r" {}
resource "aws_lambda_function" "a" {
  function_name = "a"
  runtime       = var.r
}]] },
  },
}
