return rule {
  id = "AWS-LAMBDA-005", title = "Function address needs no authentication or accepts every origin",
  severity = "high", category = "least-privilege",
  aliases = { CKV_AWS_258 = "authorization", CKV2_AWS_75 = "cors" },
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = "aws.lambda.url",
  description = [[Without authorization everyone on the internet runs the function; with open CORS every web page does so in its
visitors' names.]],
  remediation = [[Set `authorization_type = "AWS_IAM"`, and name origins and methods in `cors`.]],
  references = { "https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html" },
  check = function(e)
    return each({ "authorization", "cors" }, function(place)
      if place == "authorization" then
        if e.authorization == "NONE" then
          return fail("the address of function " .. e.name .. " asks for no authorization", { case = place, at = "authorization" })
        end
      elseif has(e.cors.origins, "*") and (e.cors.credentials or has(e.cors.methods, "*")) then
        return fail("the address of function " .. e.name .. " accepts every origin", { case = place, at = "cors.origins" })
      end
    end)
  end,
  fix = set("authorization", "AWS_IAM"),
  tests = {
    fail = { live [[
[{"type": "aws:lambda:function-url", "name": "fire", "body": {"AuthType": "NONE"}}]
]], [[
resource "aws_lambda_function_url" "fire" {
  function_name      = "f"
  authorization_type = "NONE"
}]], [[
resource "aws_lambda_function_url" "fire" {
  function_name      = "f"
  authorization_type = "AWS_IAM"
  cors {
    allow_origins = ["*"]
    allow_methods = ["*"]
  }
}]] },
    pass = { live [[
[{"type": "aws:lambda:function-url", "name": "dont_fire", "body": {"AuthType": "AWS_IAM"}}]
]], [[
resource "aws_lambda_function_url" "dont_fire" {
  function_name      = "f"
  authorization_type = "AWS_IAM"
  cors {
    allow_origins = ["https://example.com"]
    allow_methods = ["*"]
  }
}]] },
    unknown = { [[
variable "a" {}
resource "aws_lambda_function_url" "a" {
  function_name      = "f"
  authorization_type = var.a
}]] },
  },
}
