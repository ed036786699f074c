-- Attributes of load balancers in answers: texts, as the API lists them ({Key, Value}) or as an object.

local balancer = {}

-- nil when the answer does not have it.
function balancer.attribute(attributes, name)
  for _, one in ipairs(list(attributes)) do
    if one.Key == name then return one.Value end
  end
  return attributes[name]
end

-- Whether an attribute is "true". The API names all that the balancer has: one that is missing was not collected.
function balancer.is_on(e, name)
  if e.raw.Attributes == nil then unknown("the attributes of load balancers were not collected") end
  local value = balancer.attribute(e.raw.Attributes, name)
  if value == nil then unknown(name .. " was not collected") end
  return value == "true" or value == true
end

return balancer
