-- Trust policies: who may assume a role.

local iam = lib "iam"
local trust = {}

local function is_trust(s)
  for i = 1, #s.actions do
    if known(s.actions[i]) and match(lower(s.actions[i]), "^sts:(?:assumerole|\\*)") then return true end
  end
  return false
end

-- The policy document that a role's trust policy is written as, in the same scan.
local function document_of(role)
  for _, other in ipairs(role:targets(role.raw.assume_role_policy)) do
    if other.kind == "aws.iam.policy_document" then return other end
  end
end

-- Roles with a trust policy of their own, and documents with statements for sts:AssumeRole and principals.
function trust.is_judged(e)
  if e.kind == "aws.iam.role" then return e.origin == "live" or document_of(e) == nil end
  for _, s in ipairs(iam.document(e)) do
    if s.principals ~= nil and is_trust(s) then return true end
  end
  return false
end

function trust.statements(e)
  local all
  if e.kind == "aws.iam.policy_document" then
    all = iam.document(e)
  elseif e.origin == "live" then
    return iam.statements(json(e.raw.AssumeRolePolicyDocument))
  else
    return iam.statements(json(e.raw.assume_role_policy))
  end
  local found = {}
  for _, s in ipairs(all) do
    if is_trust(s) then found[#found + 1] = s end
  end
  return found
end

function trust.name(e)
  return (e.kind == "aws.iam.role" and "role " or "trust policy ") .. e.name
end

return trust
