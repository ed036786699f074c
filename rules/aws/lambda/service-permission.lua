local values = lib "values"

return rule {
  id = "AWS-LAMBDA-004", title = "Service may invoke the function for any customer",
  severity = "high", category = "least-privilege",
  aliases = { "CKV_AWS_364", "AVD-AWS-0067" },
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = "aws.lambda.permission",
  where = function(e) return not known(e.principal) or match(e.principal or "", "\\.amazonaws\\.com(?:\\.cn)?$") ~= nil end,
  description = [[The service calls the function for every customer who asks it to, unless the permission names the source.]],
  remediation = [[Set `source_arn` or `source_account`.]],
  references = { "https://docs.aws.amazon.com/lambda/latest/dg/permissions-function-services.html" },
  check = function(e)
    local principal = e.principal
    for _, field in ipairs { "source_account", "source_arn", "principal_org_id" } do
      if values.set(e, e.raw, field) then return end
    end
    return fail("permission " .. e.name .. " lets " .. principal .. " call the function for any customer", { at = "principal" })
  end,
  tests = {
    fail = { [[
resource "aws_lambda_permission" "fire" {
  action        = "lambda:InvokeFunction"
  function_name = "f"
  principal     = "sns.amazonaws.com"
}]] },
    pass = { [[
resource "aws_sns_topic" "t" {}
resource "aws_lambda_permission" "dont_fire" {
  action        = "lambda:InvokeFunction"
  function_name = "f"
  principal     = "sns.amazonaws.com"
  source_arn    = aws_sns_topic.t.arn
}
resource "aws_lambda_permission" "dont_fire_for_account" {
  action        = "lambda:InvokeFunction"
  function_name = "f"
  principal     = "123456789012"
}]] },
    unknown = { [[
variable "from" {}
resource "aws_lambda_permission" "a" {
  action        = "lambda:InvokeFunction"
  function_name = "f"
  principal     = "sns.amazonaws.com"
  source_arn    = var.from
}]] },
  },
}
