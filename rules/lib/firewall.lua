-- Firewall rules of networks.

local firewall = {}

-- Tags of sources add to the ranges: with both, whoever fits one of them gets in.
-- The range of everywhere from which a rule that is on lets something in, or nil.
function firewall.everywhere(e)
  if e.disabled or e.direction ~= "INGRESS" or #list(e.allow) == 0 then return nil end
  for _, range in ipairs(list(e.from)) do
    if cidr.any(range) then return range end
  end
end

-- The range of everywhere to which a rule is about, or nil. Without ranges an egress rule is about all destinations.
function firewall.outward(e)
  local ranges = list(e.to)
  if #ranges == 0 then return "0.0.0.0/0" end
  for _, range in ipairs(ranges) do
    if cidr.any(range) then return range end
  end
end

-- First and last port of "22" or "20-25"; nil for what is neither.
function firewall.range(text)
  local low, high = string.match(tostring(text), "^(%d+)%-(%d+)$")
  low = low or string.match(tostring(text), "^%d+$")
  if low == nil then return nil end
  return tonumber(low), tonumber(high or low)
end

-- The protocol of a block, which Google's answers call IPProtocol.
function firewall.protocol(block)
  return lower(tostring(block.protocol or block.IPProtocol))
end

-- Whether a block `allow` is about TCP, and includes the port. Without ports it is about all of them.
function firewall.includes(block, port)
  if not one_of(firewall.protocol(block), "tcp", "6", "all") then return false end
  if #list(block.ports) == 0 then return true end
  for _, text in ipairs(list(block.ports)) do
    local low, high = firewall.range(text)
    if low ~= nil and low <= port and port <= high then return true end
  end
  return false
end

-- Failures for the ports { port, name, case } that everyone may reach.
function firewall.judge(e, ports)
  local from = firewall.everywhere(e)
  if from == nil then return end
  return each(ports, function(wanted)
    local port, name, case = wanted[1], wanted[2], wanted[3]
    return each(items(e.allow or {}), function(block)
      if firewall.includes(block, port) then
        return fail("firewall " .. e.name .. " lets " .. name .. " (port " .. math.tointeger(port) .. ") in from " .. from,
          { case = case, at = block })
      end
    end)
  end)
end

return firewall
