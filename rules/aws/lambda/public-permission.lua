local values = lib "values"

return rule {
  id = "AWS-LAMBDA-003", title = "Function may be invoked by anyone",
  severity = "critical", category = "least-privilege",
  aliases = { "CKV_AWS_301" },
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = "aws.lambda.permission",
  description = [[Everyone with an AWS account could run the function, at its owner's cost and with its role's rights.]],
  remediation = [[Name the principal, or set `source_account`, `source_arn` or `principal_org_id`.]],
  references = { "https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html" },
  -- A source or an organisation narrows the permission, although CKV_AWS_301 fails on it.
  check = function(e)
    if e.principal ~= "*" then return end
    for _, field in ipairs { "source_account", "source_arn", "principal_org_id" } do
      if values.set(e, e.raw, field) then return end
    end
    return fail("permission " .. e.name .. " lets everyone call the function", { at = "principal" })
  end,
  tests = {
    fail = { [[
resource "aws_lambda_permission" "fire" {
  action        = "lambda:InvokeFunction"
  function_name = "f"
  principal     = "*"
}]] },
    pass = { [[
resource "aws_lambda_permission" "dont_fire" {
  action        = "lambda:InvokeFunction"
  function_name = "f"
  principal     = "123456789012"
}
resource "aws_lambda_permission" "dont_fire_in_organisation" {
  action           = "lambda:InvokeFunction"
  function_name    = "f"
  principal        = "*"
  principal_org_id = "o-1234567890"
}]] },
    unknown = { [[
variable "who" {}
resource "aws_lambda_permission" "a" {
  action        = "lambda:InvokeFunction"
  function_name = "f"
  principal     = var.who
}]] },
  },
}
