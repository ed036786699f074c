-- Routes of subnets, inline and as resources of their own: { at, e }.

local routes = {}

local function of_table(t, found)
  for _, route in ipairs(list(t.raw.route)) do found[#found + 1] = { at = route, e = t } end
  for _, route in ipairs(t:satellites("route")) do found[#found + 1] = { at = route.raw, e = route } end
end

-- Routes of the table that is associated with a subnet.
function routes.of_subnet(subnet)
  local found = {}
  for _, association in ipairs(subnet:satellites("association")) do
    for _, t in ipairs(association:targets(association.raw.route_table_id)) do
      if t.kind == "aws.vpc.route_table" then of_table(t, found) end
    end
  end
  return found
end

function routes.is_default(item)
  local v4 = item.at.cidr_block or item.at.destination_cidr_block
  local v6 = item.at.ipv6_cidr_block or item.at.destination_ipv6_cidr_block
  return (v4 ~= nil and v4 ~= "" and cidr.any(v4)) or (v6 ~= nil and v6 ~= "" and cidr.any(v6)) or false
end

-- Whether a route leads to an internet gateway.
function routes.to_internet(item)
  for _, target in ipairs(item.e:targets(item.at.gateway_id)) do
    if target.kind == "aws.vpc.internet_gateway" then return true end
  end
  return known(item.at.gateway_id) and item.at.gateway_id ~= nil and starts(item.at.gateway_id, "igw-")
end

return routes
