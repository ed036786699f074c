-- Inbound entries of network ACLs in their order: { at, number, allow, protocol, from, to, cidr }.

local nacl = {}

local function entry(at, number)
  return { at = at, number = tonumber(number) or 0 }
end

local function entries(e)
  local found = {}
  if e.kind == "aws.vpc.network_acl_rule" then
    if e.raw.egress ~= true then found[1] = entry(e.raw, e.raw.rule_number) end
    return found
  end
  if e.origin == "live" then
    for _, item in ipairs(list(e.raw.Entries)) do
      if item.Egress ~= true then found[#found + 1] = entry(item, item.RuleNumber) end
    end
  end
  for _, block in ipairs(list(e.raw.ingress)) do found[#found + 1] = entry(block, block.rule_no) end
  table.sort(found, function(a, b) return a.number < b.number end)
  return found
end

local function action(item)
  return lower(item.at.action or item.at.rule_action or item.at.RuleAction or "")
end

local function takes(item, port)
  local protocol = tostring(item.at.protocol or item.at.Protocol)
  if protocol == "-1" or protocol == "all" then return true end
  if port and protocol ~= "6" and protocol ~= "tcp" then return false end
  local from = tonumber(item.at.from_port or item.at.PortRange.From)
  local to = tonumber(item.at.to_port or item.at.PortRange.To)
  if not from or not to then return false end
  if port then return from <= port and port <= to end
  return from <= 1 and to >= 65535 and one_of(protocol, "6", "tcp")
end

local function world(item)
  for _, field in ipairs { "cidr_block", "ipv6_cidr_block", "CidrBlock", "Ipv6CidrBlock" } do
    local net = item.at[field]
    if net ~= nil and net ~= "" and cidr.any(net) then return net end
  end
end

-- The entry that lets the world in on a TCP port (nil: on every port) before any Deny for the world does, or nil.
function nacl.opens(e, port)
  for _, item in ipairs(entries(e)) do
    if takes(item, port) then
      local net = world(item)
      if net and action(item) == "deny" then return nil end
      if net and action(item) == "allow" then
        item.cidr = net
        return item
      end
    end
  end
end

return nacl
