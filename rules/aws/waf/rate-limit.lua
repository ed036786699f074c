local waf = lib "waf"

return rule {
  id = "AWS-WAF-004", title = "Web ACL has no rate limit",
  severity = "medium", category = "network",
  frameworks = { "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6", "ISO27001-2022:A.8.20" },
  for_each = "aws.waf.acl",
  description = [[A rate limit stops one address from guessing passwords or drowning the application.]],
  remediation = [[Add a rule with a `rate_based_statement` and `action { block {} }`.]],
  references = { "https://docs.aws.amazon.com/waf/latest/developerguide/waf-rule-statement-type-rate-based.html" },
  check = function(e)
    if waf.limits_rate(e) then return end
    return fail("web ACL " .. e.name .. " has no rate limit that blocks", { at = e })
  end,
  tests = {
    fail = { [[resource "aws_wafv2_web_acl" "fire" { name = "fire" }]], [[
resource "aws_wafv2_web_acl" "fire" {
  name = "fire"
  rule {
    name = "r"
    action {
      count {}
    }
    statement {
      rate_based_statement { limit = 2000 }
    }
  }
}]], live [[
[{"type": "aws:wafv2:webacl", "name": "fire", "body": {"Name": "w", "Rules": []}}]
]] },
    pass = { [[
resource "aws_wafv2_web_acl" "dont_fire" {
  name = "dont-fire"
  rule {
    name = "r"
    action {
      block {}
    }
    statement {
      rate_based_statement { limit = 2000 }
    }
  }
}]], live [[
[{"type": "aws:wafv2:webacl", "name": "dont_fire", "body": {"Name": "w",
  "Rules": [{"Name": "r", "Action": {"Block": {}}, "Statement": {"RateBasedStatement": {"Limit": 2000}}}]}}]
]] },
    unknown = { [[
variable "rules" { type = list(any) }
resource "aws_wafv2_web_acl" "a" {
  name = "a"
  dynamic "rule" {
    for_each = var.rules
    content { name = rule.value.name }
  }
}]] },
  },
}
