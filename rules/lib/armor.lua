-- Rules of Cloud Armor's policies.

local armor = {}

-- The rules of a policy, inline and as resources of their own.
function armor.rules(policy)
  local found = {}
  for _, rule in ipairs(list(policy.rules)) do found[#found + 1] = rule end
  for _, satellite in ipairs(policy:satellites("rule")) do found[#found + 1] = satellite.raw end
  return found
end

return armor
