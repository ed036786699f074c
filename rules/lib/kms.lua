-- Key policies.

local iam = lib "iam"
local kms = {}

-- Statements of a key's own policy or of a policy resource; none where the key has the default one.
function kms.policy(e)
  if e.origin == "live" then return iam.statements(json(e.raw.Policy)) end
  return iam.statements(json(e.raw.policy))
end

return kms
