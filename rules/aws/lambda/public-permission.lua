local iam = lib "iam"
local values = lib "values"

return rule {
  id = "AWS-LAMBDA-003", title = "Function may be invoked by anyone",
  severity = "critical", category = "least-privilege",
  aliases = { "CKV_AWS_301" },
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = { "aws.lambda.permission", "aws.lambda.function" },
  where = function(e) return e.kind == "aws.lambda.permission" or e.origin == "live" and iam.has_policy(e) end,
  description = [[Everyone with an AWS account could run the function, at its owner's cost and with its role's rights.]],
  remediation = [[Name the principal, or set `source_account`, `source_arn` or `principal_org_id`.]],
  references = { "https://docs.aws.amazon.com/lambda/latest/dg/access-control-resource-based.html" },
  -- A source or an organisation narrows the permission, although CKV_AWS_301 fails on it.
  check = function(e)
    if e.kind == "aws.lambda.function" then
      return each(iam.of_resource(e), function(s)
        if iam.allows(s) and iam.wildcard_principal(e, s) and not iam.narrowed(s) then
          return fail("the policy of function " .. e.name .. " lets everyone call it", { at = s.at })
        end
      end)
    end
    if e.principal ~= "*" then return end
    for _, field in ipairs { "source_account", "source_arn", "principal_org_id" } do
      if values.set(e, e.raw, field) then return end
    end
    return fail("permission " .. e.name .. " lets everyone call the function", { at = "principal" })
  end,
  tests = {
    fail = { live [[
[{"type": "aws:lambda:function", "name": "fire", "account": "123456789012",
  "body": {"Policy": "{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"lambda:InvokeFunction\"}]}"}}]
]], [[
resource "aws_lambda_permission" "fire" {
  action        = "lambda:InvokeFunction"
  function_name = "f"
  principal     = "*"
}]] },
    pass = { live [[
[{"type": "aws:lambda:function", "name": "dont_fire", "account": "123456789012",
  "body": {"Policy": {"Statement": [{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::123456789012:role/app"},
    "Action": "lambda:InvokeFunction"}]}}}]
]], [[
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
