-- Attributes that count as set although their value is computed.

local values = {}

-- Whether holder[key] is set. A value computed from a resource of the scan is; one that comes from a variable
-- without a value may be null, which ends the check as unknown.
function values.set(e, holder, key)
  if holder == nil then return false end
  if known(holder[key]) then
    return holder[key] ~= nil and holder[key] ~= ""
  end
  if #e:targets(holder[key]) > 0 then return true end
  return holder[key] ~= nil
end

-- The same of a key; the keys of AWS ("alias/aws/s3") are none of one's own.
function values.own_key(e, holder, key)
  if holder ~= nil and known(holder[key]) and match(tostring(holder[key] or ""), "(?:^|:)alias/aws/") then return false end
  return values.set(e, holder, key)
end

return values
