local groups = { "aws.waf.rule_group", "aws.waf.classic_rule_group" }

-- Whether a rule says what happens: a block with something in it, or an answer's member.
local function acts(one)
  for _, field in ipairs { "action", "override_action", "Action", "OverrideAction" } do
    if not known(one[field]) then return true end
    if one[field] ~= nil and (type(one[field]) == "string" or #keys(list(one[field])[1] or {}) > 0) then return true end
  end
  -- A managed group brings its actions along.
  local statement = one.statement or one.Statement
  if statement == nil then return false end
  return #list(statement.managed_rule_group_statement) > 0 or statement.ManagedRuleGroupStatement ~= nil
end

return rule {
  id = "AWS-WAF-001", title = "Web ACL has no rules or rules without an action",
  severity = "high", category = "network",
  aliases = { CKV_AWS_175 = "empty", CKV_AWS_342 = "action" },
  frameworks = { "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6", "ISO27001-2022:A.8.20" },
  for_each = { "aws.waf.acl", "aws.waf.classic_acl", "aws.waf.rule_group", "aws.waf.classic_rule_group" },
  description = [[An ACL without rules, or rules that do nothing, let through what they were made to stop.]],
  remediation = [[Add a `rule`, with `action`, or `override_action` for groups.]],
  references = { "https://docs.aws.amazon.com/waf/latest/developerguide/web-acl-rules.html" },
  check = function(e)
    local rules = {}
    -- A block with nothing in it is no rule.
    for _, one in ipairs(list(e.rules)) do
      if #keys(one) > 0 then rules[#rules + 1] = one end
    end
    if #rules == 0 then
      -- Rules may be written apart from the ACL, or in JSON.
      if e.kind == "aws.waf.acl" and e.origin ~= "live" and #e:satellites("group") > 0 then return end
      if known(e.raw.rule_json) and e.raw.rule_json == nil and not has(groups, e.kind) then
        return fail("web ACL " .. e.name .. " has no rules", { case = "empty", at = "rules" })
      end
      return
    end
    return each(rules, function(one)
      if not acts(one) then
        return fail("rule " .. tostring(one.name or one.Name or "") .. " of " .. e.name .. " has no action", { case = "action", at = one })
      end
    end)
  end,
  tests = {
    fail = { [[resource "aws_wafv2_web_acl" "fire" { name = "fire" }]], [[
resource "aws_wafv2_web_acl" "fire" {
  name = "fire"
  rule {
    name     = "r"
    priority = 1
    statement {
      geo_match_statement { country_codes = ["KP"] }
    }
  }
}]], live [[
[{"type": "aws:wafv2:webacl", "name": "fire", "body": {"Name": "w", "Rules": []}}]
]] },
    pass = { [[
resource "aws_wafv2_web_acl" "dont_fire" {
  name = "dont-fire"
  rule {
    name     = "r"
    priority = 1
    action {
      block {}
    }
    statement {
      geo_match_statement { country_codes = ["KP"] }
    }
  }
}]], live [[
[{"type": "aws:wafv2:webacl", "name": "dont_fire", "body": {"Name": "w", "Rules": [{"Name": "r", "Action": {"Block": {}}}]}}]
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
