-- What the rules of a web ACL do, in code and in answers.

local waf = {}

-- Whether a rule names an action or override ("block", "none"); blocks without arguments are there or not.
local function names(one, holder, word)
  local lower_name, upper_name = holder, upper(string.sub(holder, 1, 1)) .. string.sub(holder, 2)
  if holder == "override_action" then upper_name = "OverrideAction" end
  local block = one[lower_name]
  if block == nil then block = one[upper_name] end
  if block == nil then return false end
  for _, part in ipairs(list(block)) do
    local value = part[word]
    if value == nil then value = part[upper(string.sub(word, 1, 1)) .. string.sub(word, 2)] end
    -- A plan shows a block that is not there as an empty list.
    if value ~= nil and not waf.is_empty(value) then return true end
  end
  return false
end

-- An empty list is no block; an empty object is one.
function waf.is_empty(value)
  return type(value) ~= "string" and type(value) ~= "boolean" and #list(value) == 0
end

-- Parts of a managed group whose verdict is only counted.
local function counted(group)
  local found = {}
  for _, one in ipairs(list(group.excluded_rule or group.ExcludedRules)) do found[#found + 1] = one.name or one.Name end
  for _, one in ipairs(list(group.rule_action_override or group.RuleActionOverrides)) do
    if names({ action = one.action_to_use or one.ActionToUse }, "action", "count") then found[#found + 1] = one.name or one.Name end
  end
  return found
end

-- Whether the ACL blocks what the managed group of known bad inputs finds, Log4Shell among it.
function waf.stops_bad_inputs(e)
  for _, one in ipairs(list(e.rules)) do
    local statement = one.statement or one.Statement
    local group = statement ~= nil and (statement.managed_rule_group_statement or statement.ManagedRuleGroupStatement) or nil
    if group ~= nil and not waf.is_empty(group) and (group.name or group.Name) == "AWSManagedRulesKnownBadInputsRuleSet" then
      local off = false
      for _, name in ipairs(counted(group)) do off = off or starts(name, "Log4JRCE") end
      if not off and names(one, "override_action", "none") then return true end
    end
  end
  return false
end

function waf.limits_rate(e)
  for _, one in ipairs(list(e.rules)) do
    local statement = one.statement or one.Statement
    local limit = statement ~= nil and (statement.rate_based_statement or statement.RateBasedStatement) or nil
    if limit ~= nil and not waf.is_empty(limit) then
      for _, word in ipairs { "block", "captcha", "challenge" } do
        if names(one, "action", word) then return true end
      end
    end
  end
  return false
end

return waf
