local iam = lib "iam"

return rule {
  id = "AWS-MSG-003", title = "Queue policy allows every action or any principal",
  severity = "high", category = "least-privilege",
  aliases = { CKV_AWS_72 = "action", CKV_AWS_168 = "principal", CKV_AWS_387 = "principal", ["AVD-AWS-0097"] = "action" },
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = { "aws.sqs.queue", "aws.sqs.queue_policy" },
  where = iam.has_policy,
  description = [[A statement that names everyone lets the world send or read messages; one that allows every action lets its
principals delete the queue and change its policy.]],
  remediation = [[Name actions and principals, or add a condition such as `aws:SourceArn`.]],
  references = { "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-security-best-practices.html" },
  check = function(e)
    return each(iam.of_resource(e), function(s)
      if not iam.allows(s) then return end
      local found = {}
      for _, action in ipairs(s.actions) do
        if one_of(lower(action), "*", "sqs:*") then
          found[1] = fail("the policy of queue " .. e.name .. " allows every action", { case = "action", at = s.at })
        end
      end
      local who = iam.wildcard_principal(e, s)
      if who and not iam.narrowed(s) then
        found[#found + 1] = fail("the policy of queue " .. e.name .. " allows any principal (" .. who .. ")", { case = "principal", at = s.at })
      end
      return found
    end)
  end,
  tests = {
    fail = { live [[
[{"type": "aws:sqs:queue", "name": "fire", "account": "123456789012",
  "body": {"Attributes": {"Policy": "{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"sqs:SendMessage\"}]}"}}}]
]], [[
resource "aws_sqs_queue_policy" "fire" {
  queue_url = "q"
  policy    = jsonencode({ Statement = [{ Effect = "Allow", Principal = "*", Action = "sqs:SendMessage", Resource = "*" }] })
}]], [[
resource "aws_sqs_queue_policy" "fire" {
  queue_url = "q"
  policy    = jsonencode({ Statement = [{ Effect = "Allow", Principal = { AWS = "123456789012" }, Action = "sqs:*", Resource = "*" }] })
}]] },
    pass = { live [[
[{"type": "aws:sqs:queue", "name": "dont_fire", "account": "123456789012",
  "body": {"Attributes": {"Policy": {"Statement": [{"Effect": "Allow",
    "Principal": {"AWS": "arn:aws:iam::123456789012:role/app"}, "Action": "sqs:SendMessage"}]}}}}]
]], [[
resource "aws_sqs_queue_policy" "dont_fire" {
  queue_url = "q"
  policy = jsonencode({ Statement = [{ Effect = "Allow", Principal = "*", Action = "sqs:SendMessage", Resource = "*",
    Condition = { ArnEquals = { "aws:SourceArn" = "arn:aws:sns:eu-west-1:123456789012:t" } } }] })
}]] },
    unknown = { [[
variable "p" {}
resource "aws_sqs_queue_policy" "a" {
  queue_url = "q"
  policy    = var.p
}]] },
  },
}
