-- Routes of subnets, inline and as resources of their own: { at, e }.

local routes = {}

-- Routes of a table itself.
function routes.of(t)
  return list(t.origin == "live" and t.raw.Routes or t.raw.route)
end

local function of_table(t, found)
  for _, route in ipairs(routes.of(t)) do found[#found + 1] = { at = route, e = t } end
  for _, route in ipairs(t:satellites("route")) do found[#found + 1] = { at = route.raw, e = route } end
end

-- The table of a subnet in live answers: the one that is associated with it, else the main one of its VPC.
local function live_table(subnet)
  local main
  for _, t in ipairs(graph.all("aws.vpc.route_table")) do
    for _, association in ipairs(t.origin == "live" and list(t.raw.Associations) or {}) do
      if association.SubnetId ~= nil and association.SubnetId == subnet.raw.SubnetId then return t end
      if association.Main == true and t.raw.VpcId == subnet.raw.VpcId then main = t end
    end
  end
  return main
end

-- Routes of the table that is associated with a subnet.
function routes.of_subnet(subnet)
  local found = {}
  if subnet.origin == "live" then
    local t = live_table(subnet)
    if t == nil then unknown("the route table of subnet " .. subnet.name .. " was not collected") end
    of_table(t, found)
    return found
  end
  for _, association in ipairs(subnet:satellites("association")) do
    for _, t in ipairs(association:targets(association.raw.route_table_id)) do
      if t.kind == "aws.vpc.route_table" then of_table(t, found) end
    end
  end
  return found
end

-- The network of a route that leads everywhere: "0.0.0.0/0", "::/0" or nil.
function routes.everywhere(route)
  local v4 = route.cidr_block or route.destination_cidr_block or route.DestinationCidrBlock
  local v6 = route.ipv6_cidr_block or route.destination_ipv6_cidr_block or route.DestinationIpv6CidrBlock
  return (v4 ~= nil and v4 ~= "" and cidr.any(v4) and v4) or (v6 ~= nil and v6 ~= "" and cidr.any(v6) and v6) or nil
end

function routes.is_default(item)
  return routes.everywhere(item.at) ~= nil
end

-- Whether a route leads to an internet gateway.
function routes.to_internet(item)
  if item.e.origin == "live" then return item.at.GatewayId ~= nil and starts(item.at.GatewayId, "igw-") end
  for _, target in ipairs(item.e:targets(item.at.gateway_id)) do
    if target.kind == "aws.vpc.internet_gateway" then return true end
  end
  return known(item.at.gateway_id) and item.at.gateway_id ~= nil and starts(item.at.gateway_id, "igw-")
end

return routes
