-- Key policies.

local iam = lib "iam"
local kms = {}

-- Statements of a key's own policy or of a policy resource; none where the key has the default one.
function kms.policy(e)
  if e.origin == "live" then return iam.statements(json(e.raw.Policy)) end
  return iam.statements(json(e.raw.policy))
end

-- Whether a key that a live answer names is one of the customer's. Services name the key of AWS as well: whose it
-- is, the key says, and without it nobody knows.
function kms.is_own(id)
  if id == nil or match(id, "(?:^|:)alias/aws/") then return false end
  for _, key in ipairs(graph.all("aws.kms.key")) do
    if key.origin == "live" and (one_of(id, key.raw.Arn, key.raw.KeyId) or ends(id, "/" .. (key.raw.KeyId or "?"))) then
      return key.raw.KeyManager ~= "AWS"
    end
  end
  unknown("whose key " .. id .. " is was not collected")
end

return kms
