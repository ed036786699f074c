local iam = lib "iam"
local values = lib "values"

local SERVICE = "\\.amazonaws\\.com(?:\\.cn)?$"

return rule {
  id = "AWS-LAMBDA-004", title = "Service may invoke the function for any customer",
  severity = "high", category = "least-privilege",
  version = 2, changes = { "judged on live answers too" },
  aliases = { "CKV_AWS_364", "AVD-AWS-0067" },
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = { "aws.lambda.permission", "aws.lambda.function" },
  where = function(e)
    if e.kind == "aws.lambda.function" then return e.origin == "live" and iam.has_policy(e) end
    return not known(e.principal) or match(e.principal or "", SERVICE) ~= nil
  end,
  description = [[The service calls the function for every customer who asks it to, unless the permission names the source.]],
  remediation = [[Set `source_arn` or `source_account`.]],
  references = { "https://docs.aws.amazon.com/lambda/latest/dg/permissions-function-services.html" },
  check = function(e)
    if e.kind == "aws.lambda.function" then
      return each(iam.of_resource(e), function(s)
        if not iam.allows(s) or not iam.takes(s, "lambda:InvokeFunction") or iam.narrowed(s) then return end
        for _, id in ipairs(iam.ids(e, s, "Service")) do
          if match(id, SERVICE) then
            return fail("the policy of function " .. e.name .. " lets " .. id .. " call it for any customer", { at = s.at })
          end
        end
      end)
    end
    local principal = e.principal
    for _, field in ipairs { "source_account", "source_arn", "principal_org_id" } do
      if values.set(e, e.raw, field) then return end
    end
    return fail("permission " .. e.name .. " lets " .. principal .. " call the function for any customer", { at = "principal" })
  end,
  tests = {
    fail = { live [[
[{"type": "aws:lambda:function", "name": "fire", "account": "123456789012",
  "body": {"Policy": "{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"Service\":\"sns.amazonaws.com\"},\"Action\":\"lambda:InvokeFunction\"}]}"}}]
]], [[
resource "aws_lambda_permission" "fire" {
  action        = "lambda:InvokeFunction"
  function_name = "f"
  principal     = "sns.amazonaws.com"
}]] },
    pass = { live [[
[{"type": "aws:lambda:function", "name": "dont_fire", "account": "123456789012",
  "body": {"Policy": {"Statement": [{"Effect": "Allow", "Principal": {"Service": "sns.amazonaws.com"}, "Action": "lambda:InvokeFunction",
    "Condition": {"ArnLike": {"AWS:SourceArn": "arn:aws:sns:eu-west-1:123456789012:orders"}}}]}}}]
]], [[
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
    unknown = { live [[
[{"type": "aws:lambda:function", "name": "unsure", "account": "123456789012", "body": {}, "unknown": {"Policy": "AccessDeniedException"}}]
]], [[
variable "from" {}
resource "aws_lambda_permission" "a" {
  action        = "lambda:InvokeFunction"
  function_name = "f"
  principal     = "sns.amazonaws.com"
  source_arn    = var.from
}]] },
  },
}
