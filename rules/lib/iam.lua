-- Policy documents in one form, from JSON text, jsonencode and the data source aws_iam_policy_document.
--
-- A statement is { at, effect, actions, not_actions, resources, not_resources, principals, not_principals,
-- conditions }: lists of texts as written (empty where missing), except that principals are { type, holder, field } and
-- conditions { operator, key, holder, field } with the key in lower case: what they hold is read by iam.values. What is
-- not known stays so until it is read.

local iam = {}

local function principals_of_json(holder)
  local value = holder.Principal
  if value == nil then value = holder.NotPrincipal end
  if value == nil then return nil end
  if value == "*" then return { { type = "*", everyone = true } } end
  -- A bare list is no valid policy; who reads it takes it for accounts.
  if #list(value) > 1 then
    return { { type = "AWS", holder = holder, field = holder.Principal ~= nil and "Principal" or "NotPrincipal" } }
  end
  local found = {}
  for _, kind in ipairs(keys(value)) do found[#found + 1] = { type = kind, holder = value, field = kind } end
  return found
end

local function conditions_of_json(value)
  local found = {}
  for _, operator in ipairs(keys(value)) do
    for _, key in ipairs(keys(value[operator])) do
      found[#found + 1] = { operator = operator, key = lower(key), holder = value[operator], field = key }
    end
  end
  return found
end

-- Statements of a tree that json() gave; none when it is no policy.
function iam.statements(tree)
  local found = {}
  if tree == nil then return found end
  for i, s in ipairs(list(tree.Statement)) do
    found[i] = {
      at = s, effect = s.Effect or "Allow",
      actions = items(s.Action), not_actions = items(s.NotAction),
      resources = items(s.Resource), not_resources = items(s.NotResource),
      principals = s.NotPrincipal == nil and principals_of_json(s) or nil,
      not_principals = s.NotPrincipal ~= nil and principals_of_json(s) or nil,
      conditions = conditions_of_json(s.Condition),
    }
  end
  return found
end

local function principals_of_blocks(blocks)
  if blocks == nil or #blocks == 0 then return nil end
  local found = {}
  for i, block in ipairs(blocks) do found[i] = { type = block.type, holder = block, field = "identifiers" } end
  return found
end

-- Statements of a data source aws_iam_policy_document.
function iam.document(e)
  local found = {}
  for i, s in ipairs(list(e.raw.statement)) do
    local conditions = {}
    for k, c in ipairs(list(s.condition)) do
      -- A computed key ("${module.eks.oidc_provider}:sub") is a key all the same.
      conditions[k] = { operator = known(c.test) and c.test or "?", key = known(c.variable) and lower(c.variable) or "?",
        block = c, holder = c, field = "values" }
    end
    found[i] = {
      at = s, effect = s.effect or "Allow",
      actions = items(s.actions), not_actions = items(s.not_actions),
      resources = items(s.resources), not_resources = items(s.not_resources),
      principals = principals_of_blocks(s.principals), not_principals = principals_of_blocks(s.not_principals),
      conditions = conditions,
    }
  end
  return found
end

-- Whether a policy is written as a data source of the same scan, where it is judged once for all its users.
local function judged_elsewhere(e)
  for _, other in ipairs(e:edges_from("references")) do
    if other.kind == "aws.iam.policy_document" then return true end
  end
  return false
end

-- Whether an attachment is for a policy that the scan itself declares, which is judged by what it says.
function iam.attaches_own(e)
  for _, policy in ipairs(e:targets(e.raw.policy_arn)) do
    if policy.kind == "aws.iam.policy" then return true end
  end
  return false
end

-- The policy of a resource: a resource of its own or an attribute in code, a member of a live answer.
function iam.has_policy(e)
  if e.origin == "live" then return e.raw.Policy ~= nil or e.raw.Attributes ~= nil and e.raw.Attributes.Policy ~= nil end
  return not known(e.raw.policy) or e.raw.policy ~= nil
end

function iam.of_resource(e)
  if e.origin ~= "live" then return iam.statements(json(e.raw.policy)) end
  if e.raw.Policy ~= nil then return iam.statements(json(e.raw.Policy)) end
  return iam.statements(json(e.raw.Attributes.Policy))
end

-- ARNs of the managed policies that a role itself names.
function iam.managed_arns(role)
  if role.origin ~= "live" then return list(role.raw.managed_policy_arns) end
  local found = {}
  for i, policy in ipairs(list(role.raw.AttachedManagedPolicies)) do found[i] = policy.PolicyArn end
  return found
end

-- Whether the entity has statements of its own to judge as an identity policy.
function iam.is_judged(e)
  if e.kind == "aws.iam.policy_document" then return true end
  if e.kind == "aws.iam.role" then return known(e.raw.inline_policy) and e.raw.inline_policy ~= nil end
  return not judged_elsewhere(e)
end

local function identity(e)
  local all
  if e.kind == "aws.iam.policy_document" then
    all = iam.document(e)
  elseif e.kind == "aws.iam.role" then
    all = {}
    for _, inline in ipairs(list(e.raw.inline_policy)) do
      for _, s in ipairs(iam.statements(json(inline.policy))) do all[#all + 1] = s end
    end
  elseif e.kind == "aws.sso.inline_policy" then
    all = iam.statements(json(e.raw.inline_policy))
  elseif e.origin == "live" then
    all = iam.statements(json(e.raw.PolicyDocument))
  else
    all = iam.statements(json(e.raw.policy))
  end
  local found = {}
  for _, s in ipairs(all) do
    if s.principals == nil and s.not_principals == nil then found[#found + 1] = s end
  end
  return found
end

-- Identity statements of an entity: those that name a principal belong to resource and trust policies,
-- where "*" as resource means the resource itself. The list is for all rules: it is not changed.
function iam.identity(e) return memo(e, "iam.identity", identity) end

-- Peers have one check for documents and one for policies: the case of a failure.
function iam.case(e)
  return e.kind == "aws.iam.policy_document" and "document" or "policy"
end

function iam.allows(s) return s.effect == "Allow" end

-- Whether a list holds exactly "*". An element that is computed from another resource is an ARN of that
-- resource, not "*"; any other element that is not known leaves the question open.
function iam.has_star(e, items)
  local open
  for i = 1, #items do
    if known(items[i]) then
      if items[i] == "*" then return true end
    elseif #e:targets(items[i]) == 0 then
      open = i
    end
  end
  if open then return items[open] == "*" end -- ends the check as unknown
  return false
end

-- Whether a statement's resources are everything.
function iam.any_resource(e, s)
  if #s.not_resources > 0 then return true end
  return iam.has_star(e, s.resources)
end

-- Whether one of a statement's action patterns takes the action ("iam:PassRole").
function iam.takes(s, action)
  action = lower(action)
  local open
  for i = 1, #s.actions do
    if known(s.actions[i]) then
      if glob(action, lower(s.actions[i])) then return true end
    else
      open = i
    end
  end
  if #s.not_actions > 0 then
    for _, pattern in ipairs(s.not_actions) do
      if glob(action, lower(pattern)) then return false end
    end
    return true
  end
  if open then return s.actions[open] == action end -- ends the check as unknown
  return false
end

-- Whether a later Deny of the same document takes the action away, whatever its resources.
function iam.denied(statements, action)
  for _, s in ipairs(statements) do
    if s.effect == "Deny" and iam.takes(s, action) then return true end
  end
  return false
end

-- The first action of the given access levels ("PW") that supports resource-level limits and that a
-- statement allows on everything without a condition, with the pattern that takes it ("s3:PutObject (by s3:*)");
-- nil when there is none.
function iam.unlimited(e, statements, s, levels)
  if not iam.allows(s) or #s.conditions > 0 then return nil end
  if #s.actions == 0 and #s.not_actions == 0 then return nil end
  if not iam.any_resource(e, s) then return nil end
  local actions = lib "iam_actions"
  local function first(pattern)
    return actions.find(pattern, levels, function(action) return not iam.denied(statements, action) end)
  end
  for _, pattern in ipairs(s.actions) do
    local action = first(pattern)
    if action then return lower(action) == lower(pattern) and action or action .. " (by " .. pattern .. ")" end
  end
  if #s.not_actions > 0 then
    return actions.find("*", levels, function(action)
      return iam.takes(s, action) and not iam.denied(statements, action)
    end)
  end
end

-- Condition keys that tie a request to known callers or networks.
local narrowing = {
  ["aws:principalorgid"] = true, ["aws:principalorgpaths"] = true, ["aws:principalaccount"] = true,
  ["aws:principalarn"] = true, ["aws:principalservicename"] = true, ["aws:principalservicenameslist"] = true,
  ["aws:principalisawsservice"] = true, ["aws:sourceaccount"] = true, ["aws:sourcearn"] = true,
  ["aws:sourceorgid"] = true, ["aws:sourceorgpaths"] = true, ["aws:sourceowner"] = true, ["aws:sourcevpc"] = true,
  ["aws:sourcevpce"] = true, ["aws:vpceaccount"] = true, ["aws:vpceorgid"] = true, ["aws:vpceorgpaths"] = true,
  ["aws:vpcsourceip"] = true, ["aws:sourceip"] = true,
  ["aws:userid"] = true, ["aws:username"] = true, ["aws:ec2instancesourcevpc"] = true, ["ec2:sourceinstancearn"] = true,
  ["lambda:sourcefunctionarn"] = true, ["ssm:sourceinstancearn"] = true, ["kms:calleraccount"] = true,
  ["kms:viaservice"] = true, ["s3:dataaccesspointaccount"] = true, ["s3:dataaccesspointarn"] = true,
  ["s3:accesspointnetworkorigin"] = true, ["sts:externalid"] = true, ["elasticfilesystem:accesspointarn"] = true,
}

local positive = "(?i)^(?:ForAnyValue:)?(?:StringEquals|StringEqualsIgnoreCase|StringLike|ArnEquals|ArnLike|IpAddress|Bool)$"

-- Ids of a principal, values of a condition.
function iam.values(part)
  if part.everyone then return { "*" } end
  return list(part.holder[part.field])
end

local function is_narrow(c)
  if c.key == "?" then return c.block.variable == nil end -- ends the check as unknown
  if not match(c.operator, positive) then return false end
  local key = c.key
  if not narrowing[key] and not starts(key, "aws:principaltag/") and not match(key, ":(?:sub|aud|oaud|amr|repository)$") then
    return false
  end
  -- Something computed is no wildcard.
  if not known(c.holder[c.field]) then return true end
  local values = iam.values(c)
  for i = 1, #values do
    local value = known(values[i]) and tostring(values[i]) or ""
    if value == "*" or cidr.any(value) or match(value, "^arn:[^:]*:[^:]*:[^:]*:\\*:\\*?$") then return false end
    -- Anyone can make a role of any name in an account of his own.
    if key == "aws:principalarn" and match(value, "^arn:[^:]*:iam::\\*") then return false end
    if c.operator == "Bool" and value == "false" then return false end
  end
  return #values > 0
end

-- Whether a condition of the statement limits who may call.
function iam.narrowed(s)
  for _, c in ipairs(s.conditions) do
    if is_narrow(c) then return true end
  end
  return false
end

-- The principal that stands for everyone, or nil: "*", AWS "*", or a service or provider "*".
function iam.wildcard_principal(e, s)
  for _, p in ipairs(s.principals or {}) do
    local computed = not p.everyone and not known(p.holder[p.field]) and #e:targets(p.holder[p.field]) > 0
    if p.type ~= "Federated" and not computed and iam.has_star(e, iam.values(p)) then
      return p.type == "*" and "*" or p.type .. " *"
    end
  end
end

-- Ids of the principals of a type. Those that are computed from resources of the scan are named roles or users, and
-- left out.
function iam.ids(e, s, kind)
  local found = {}
  for _, p in ipairs(s.principals or {}) do
    if p.type == kind and (known(p.holder[p.field]) or #e:targets(p.holder[p.field]) == 0) then
      local ids = iam.values(p)
      for i = 1, #ids do
        if known(ids[i]) or #e:targets(ids[i]) == 0 then found[#found + 1] = ids[i] end
      end
    end
  end
  return found
end

return iam
