-- What lies in a VPC, in code (satellites) and in live answers (which name the VPC or the subnet).

local lookup = lib "lookup"

local vpc = {}

local function of_live(kind, member, id)
  local found = {}
  for _, other in ipairs(lookup.by(kind, member, id)) do
    local state = lower(tostring(other.raw.State or ""))
    if other.origin == "live" and not one_of(state, "deleted", "deleting", "failed") then
      found[#found + 1] = other
    end
  end
  return found
end

function vpc.subnets(e)
  if e.origin ~= "live" then return e:satellites("subnet") end
  return of_live("aws.vpc.subnet", "VpcId", e.raw.VpcId)
end

function vpc.endpoints(e)
  if e.origin ~= "live" then return e:satellites("endpoint") end
  return of_live("aws.vpc.endpoint", "VpcId", e.raw.VpcId)
end

-- NAT gateways of a subnet.
function vpc.nats(subnet)
  if subnet.origin ~= "live" then return subnet:satellites("nat") end
  return of_live("aws.vpc.nat_gateway", "SubnetId", subnet.raw.SubnetId)
end

return vpc
