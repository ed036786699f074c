local waf = lib "waf"

-- ACLs of an entry point that are in the scan, and whether there may be others.
local function acls_of(e)
  local found = {}
  local function add(targets)
    for _, acl in ipairs(targets) do
      if acl.kind == "aws.waf.acl" then found[#found + 1] = acl end
    end
  end
  if e.kind == "aws.cloudfront.distribution" then
    add(e:targets(e.raw.web_acl_id))
  else
    for _, association in ipairs(e:satellites("firewall")) do add(association:targets(association.raw.web_acl_arn)) end
  end
  return found
end

local cases = {
  ["aws.cloudfront.distribution"] = { "distribution", "distribution " }, ["aws.elb.load_balancer"] = { "balancer", "load balancer " },
  ["aws.apigateway.stage"] = { "api", "stage " }, ["aws.apigateway.http_api"] = { "api", "API " },
}

return rule {
  id = "AWS-WAF-003", title = "Web ACL does not stop known bad inputs such as Log4Shell",
  severity = "high", category = "network",
  aliases = { CKV_AWS_192 = "acl", CKV2_AWS_47 = "distribution", CKV2_AWS_76 = "balancer", CKV2_AWS_77 = "api" },
  frameworks = { "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6", "ISO27001-2022:A.8.20" },
  for_each = { "aws.waf.acl", "aws.cloudfront.distribution", "aws.elb.load_balancer", "aws.apigateway.stage", "aws.apigateway.http_api" },
  where = function(e) return e.kind == "aws.waf.acl" or e.origin ~= "live" and #acls_of(e) > 0 end,
  description = [[The managed group of known bad inputs stops requests that only attackers send, Log4Shell among them.]],
  remediation = [[Add a rule with `managed_rule_group_statement { name = "AWSManagedRulesKnownBadInputsRuleSet", vendor_name = "AWS" }` and
`override_action { none {} }`.]],
  references = { "https://docs.aws.amazon.com/waf/latest/developerguide/aws-managed-rule-groups-baseline.html" },
  -- CKV2_AWS_47, 76 and 77 also want the list of anonymous addresses, which has nothing to do with these attacks and
  -- shuts out people behind VPNs; and they pass a group that only counts. A distribution without any web ACL, which
  -- CKV2_AWS_47 fails, is AWS-CF-004's.
  check = function(e)
    if e.kind == "aws.waf.acl" then
      if waf.stops_bad_inputs(e) then return end
      return fail("web ACL " .. e.name .. " does not block known bad inputs", { case = "acl", at = e })
    end
    for _, acl in ipairs(acls_of(e)) do
      if not waf.stops_bad_inputs(acl) then
        local case = cases[e.kind]
        return fail(case[2] .. e.name .. " is guarded by web ACL " .. acl.name .. ", which does not block known bad inputs",
          { case = case[1], at = e, severity = "medium", evidence = { { acl, "the web ACL" } } })
      end
    end
  end,
  tests = {
    fail = { [[
resource "aws_wafv2_web_acl" "fire" { name = "fire" }]], [[
resource "aws_wafv2_web_acl" "fire" {
  name = "fire"
  rule {
    name = "r"
    override_action {
      count {}
    }
    statement {
      managed_rule_group_statement {
        name        = "AWSManagedRulesKnownBadInputsRuleSet"
        vendor_name = "AWS"
      }
    }
  }
}]], [[
resource "aws_wafv2_web_acl" "w" { name = "w" }
resource "aws_lb" "fire" { name = "fire" }
resource "aws_wafv2_web_acl_association" "a" {
  resource_arn = aws_lb.fire.arn
  web_acl_arn  = aws_wafv2_web_acl.w.arn
}]], live [[
[{"type": "aws:wafv2:webacl", "name": "fire", "body": {"Name": "w", "Rules": [{"Name": "r", "OverrideAction": {"Count": {}},
  "Statement": {"ManagedRuleGroupStatement": {"Name": "AWSManagedRulesKnownBadInputsRuleSet"}}}]}}]
]] },
    pass = { [[
resource "aws_wafv2_web_acl" "dont_fire" {
  name = "dont-fire"
  rule {
    name = "r"
    override_action {
      none {}
    }
    statement {
      managed_rule_group_statement {
        name        = "AWSManagedRulesKnownBadInputsRuleSet"
        vendor_name = "AWS"
      }
    }
  }
}
resource "aws_cloudfront_distribution" "dont_fire" { web_acl_id = aws_wafv2_web_acl.dont_fire.arn }]], live [[
[{"type": "aws:wafv2:webacl", "name": "dont_fire", "body": {"Name": "w", "Rules": [{"Name": "r", "OverrideAction": {"None": {}},
  "Statement": {"ManagedRuleGroupStatement": {"Name": "AWSManagedRulesKnownBadInputsRuleSet"}}}]}}]
]] },
    unknown = { [[
variable "group" {}
resource "aws_wafv2_web_acl" "a" {
  name = "a"
  rule {
    name = "r"
    override_action {
      none {}
    }
    statement {
      managed_rule_group_statement {
        name        = var.group
        vendor_name = "AWS"
      }
    }
  }
}]] },
  },
}
