local iam = lib "iam"

return rule {
  id = "AWS-MSG-004", title = "Topic policy allows any principal or unknown accounts",
  severity = "high", category = "least-privilege",
  aliases = { CKV_AWS_169 = "principal", CKV_AWS_385 = "account" },
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = { "aws.sns.topic", "aws.sns.topic_policy" },
  where = iam.has_policy,
  description = [[A statement that names everyone lets the world publish or subscribe. Accounts that may do so stand in the parameter
`known_accounts`.]],
  remediation = [[Name the principals, or add a condition such as `aws:PrincipalOrgID`.]],
  references = { "https://docs.aws.amazon.com/sns/latest/dg/sns-security-best-practices.html" },
  check = function(e)
    return each(iam.of_resource(e), function(s)
      if not iam.allows(s) or iam.narrowed(s) then return end
      local who = iam.wildcard_principal(e, s)
      if who then
        return fail("the policy of topic " .. e.name .. " allows any principal (" .. who .. ")", { case = "principal", at = s.at })
      end
      if #s.conditions > 0 then return end
      return each(iam.ids(e, s, "AWS"), function(id)
        local account = match(id, "^([0-9]{12})$") or match(id, "^arn:[^:]*:iam::([0-9]{12}):")
        if not account or has(param("known_accounts", {}), account) or account == e.account then return end
        return fail("the policy of topic " .. e.name .. " allows account " .. account, { case = "account", at = s.at, severity = "medium" })
      end)
    end)
  end,
  tests = {
    fail = { live [[
[{"type": "aws:sns:topic", "name": "fire", "account": "123456789012",
  "body": {"Attributes": {"Policy": "{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"sns:Publish\"}]}"}}}]
]], [[
resource "aws_sns_topic_policy" "fire" {
  arn    = "arn:aws:sns:eu-west-1:123456789012:t"
  policy = jsonencode({ Statement = [{ Effect = "Allow", Principal = "*", Action = "sns:Publish", Resource = "*" }] })
}]], [[
resource "aws_sns_topic_policy" "fire" {
  arn    = "arn:aws:sns:eu-west-1:123456789012:t"
  policy = jsonencode({ Statement = [{ Effect = "Allow", Principal = { AWS = "arn:aws:iam::210987654321:root" }, Action = "sns:Publish",
    Resource = "*" }] })
}]] },
    pass = { live [[
[{"type": "aws:sns:topic", "name": "dont_fire", "account": "123456789012",
  "body": {"Attributes": {"Policy": {"Statement": [{"Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::123456789012:role/app"}, "Action": "sns:Publish"}]}}}}]
]], [[
resource "aws_sns_topic_policy" "dont_fire" {
  arn    = "arn:aws:sns:eu-west-1:123456789012:t"
  policy = jsonencode({ Statement = [{ Effect = "Allow", Principal = { Service = "events.amazonaws.com" }, Action = "sns:Publish",
    Resource = "*" }] })
}]] },
    unknown = { [[
variable "p" {}
resource "aws_sns_topic_policy" "a" {
  arn    = "t"
  policy = var.p
}]] },
  },
}
