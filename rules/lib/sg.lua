-- Rules of security groups in one form, whether written inside the group, as resources of their own, or in a live
-- answer: { at, protocol, from, to, cidrs, others }, where cidrs and others are lists of lists. Ports and networks may
-- be unknown; open() decides what can be decided without them.

local sg = {}

local function inline(e, direction)
  local found = {}
  for _, block in ipairs(list(e.raw[direction])) do
    found[#found + 1] = { at = block, cidrs = { "cidr_blocks", "ipv6_cidr_blocks" }, prefix = "prefix_list_ids" }
  end
  return found
end

local function live(e, direction)
  local found = {}
  local field = direction == "ingress" and "IpPermissions" or "IpPermissionsEgress"
  for _, permission in ipairs(list(e.raw[field])) do
    found[#found + 1] = { at = permission, live = true }
  end
  return found
end

-- "ingress", "egress", or nil of a rule resource.
local function direction_of(e)
  if e.type == "aws_vpc_security_group_ingress_rule" then return "ingress" end
  if e.type == "aws_vpc_security_group_egress_rule" then return "egress" end
  return e.raw.type
end

function sg.rules(e, direction)
  if e.kind == "aws.ec2.security_group" then
    if e.origin == "live" then return live(e, direction) end
    return inline(e, direction)
  end
  if direction_of(e) ~= direction then return {} end
  if e.type == "aws_security_group_rule" then
    return { { at = e.raw, cidrs = { "cidr_blocks", "ipv6_cidr_blocks" }, prefix = "prefix_list_ids" } }
  end
  return { { at = e.raw, cidrs = { "cidr_ipv4", "cidr_ipv6" }, prefix = "prefix_list_id", vpc = true } }
end

local all_protocols = { ["-1"] = true, all = true }
local numbers = { ["6"] = "tcp", ["17"] = "udp", ["1"] = "icmp", ["58"] = "icmpv6" }

local function protocol_of(rule)
  local p
  if rule.live then
    p = rule.at.IpProtocol
  elseif rule.vpc then
    p = rule.at.ip_protocol
  else
    p = rule.at.protocol
  end
  if p == nil then return nil end
  p = lower(tostring(p))
  return numbers[p] or p
end

function sg.all_protocols(rule)
  local p = protocol_of(rule)
  return p ~= nil and all_protocols[p] == true
end

local function ports(rule)
  local from, to
  if rule.live then
    from, to = tonumber(rule.at.FromPort), tonumber(rule.at.ToPort)
  else
    from, to = tonumber(rule.at.from_port), tonumber(rule.at.to_port)
  end
  -- Of ICMP, -1 means all types; of TCP and UDP, what writes it means all ports.
  if from == -1 and one_of(protocol_of(rule), "tcp", "udp") then return 0, 65535 end
  return from, to
end

-- Whether the rule takes a TCP port. Ends the check where that is not known.
function sg.takes(rule, port)
  local p = protocol_of(rule)
  if p ~= nil and all_protocols[p] then return true end
  if p ~= nil and p ~= "tcp" then return false end
  local from, to = ports(rule)
  return from ~= nil and to ~= nil and from <= port and port <= to
end

-- Whether the rule takes every port of TCP, or every protocol.
function sg.takes_all(rule)
  local p = protocol_of(rule)
  if p ~= nil and all_protocols[p] then return true end
  local from, to = ports(rule)
  return one_of(p, "tcp", "udp") and from ~= nil and to ~= nil and from <= 1 and to >= 65535
end

-- IPv4 networks as { first, last }; of IPv6 networks the first 16 bits, which are enough to see whether all is covered.
local function range_of(text)
  local a, b, c, d, bits = match(text, "^(\\d+)\\.(\\d+)\\.(\\d+)\\.(\\d+)/(\\d+)$")
  if a then
    local size = 1 << (32 - tonumber(bits))
    local first = (tonumber(a) << 24 | tonumber(b) << 16 | tonumber(c) << 8 | tonumber(d)) // size * size
    return 4, first, first + size - 1
  end
  local head, prefix = match(text, "^([0-9a-fA-F]*):[0-9a-fA-F:]*/(\\d+)$")
  if not head or tonumber(prefix) > 16 then return nil end
  local size = 1 << (16 - tonumber(prefix))
  local first = (head == "" and 0 or tonumber(head, 16)) // size * size
  return 6, first, first + size - 1
end

local last_of = { [4] = 0xffffffff, [6] = 0xffff }

-- Whether networks that each are less than the world make it up together (0.0.0.0/1 and 128.0.0.0/1): their text, or nil.
local function together(texts)
  local ranges = { [4] = {}, [6] = {} }
  for _, text in ipairs(texts) do
    local version, first, last = range_of(text)
    if version then table.insert(ranges[version], { first, last, text }) end
  end
  for version, found in pairs(ranges) do
    table.sort(found, function(a, b) return a[1] < b[1] end)
    local reached, names = -1, {}
    for _, one in ipairs(found) do
      if one[1] > reached + 1 then break end
      if one[2] > reached then
        reached = one[2]
        names[#names + 1] = one[3]
      end
    end
    if reached >= last_of[version] then return table.concat(names, " and ") end
  end
end

-- Networks of a rule, and whether some are not known.
local function networks_of(rule)
  local found, open = {}, false
  if rule.live then
    for _, range in ipairs(list(rule.at.IpRanges)) do found[#found + 1] = range.CidrIp end
    for _, range in ipairs(list(rule.at.Ipv6Ranges)) do found[#found + 1] = range.CidrIpv6 end
    return found, false
  end
  for _, field in ipairs(rule.cidrs) do
    if not known(rule.at[field]) then
      open = true
    else
      local items = list(rule.at[field])
      for i = 1, #items do
        if known(items[i]) then found[#found + 1] = items[i] else open = true end
      end
    end
  end
  return found, open
end

-- The network by which the whole world is let in, false when none is, nil when that is not known.
local function world_of(rule)
  local found, open = networks_of(rule)
  for _, text in ipairs(found) do
    if cidr.any(text) then return text end
  end
  local both = #found > 1 and together(found)
  if both then return both end
  if open then return nil end
  return false
end

-- A port as text: "22", "0-65535", "all ports".
function sg.span(rule)
  if sg.all_protocols(rule) then return "all ports" end
  local from, to = ports(rule)
  if from == to then return "port " .. tostring(from) end
  return "ports " .. tostring(from) .. "-" .. tostring(to)
end

-- The network from which everyone may use what `takes(rule)` speaks about, or nil.
function sg.open(rule, takes)
  local world = world_of(rule)
  if world == false then
    -- A prefix list may hold anything.
    local lists = not rule.live and rule.at[rule.prefix]
    if lists ~= nil and lists ~= false and (type(lists) == "string" or #lists > 0) and takes(rule) then
      unknown("the addresses of the prefix list are not known")
    end
    return nil
  end
  if not takes(rule) then return nil end
  if world == nil then unknown("the networks of the rule are not known") end
  return world
end

-- Who a rule belongs to, for messages.
function sg.name(e)
  if e.kind == "aws.ec2.security_group" then return "security group " .. e.name end
  return "rule " .. e.name
end

-- Failures for inbound rules that open one of the ports to the world; what(port) names what listens there.
function sg.judge(e, wanted, what, options)
  return each(sg.rules(e, "ingress"), function(rule)
    local hit
    local world = sg.open(rule, function(r)
      for _, port in ipairs(wanted) do
        if sg.takes(r, port) then
          hit = port
          return true
        end
      end
      return false
    end)
    if world then
      local at = rule.at
      return fail(sg.name(e) .. " lets " .. world .. " in on " .. sg.span(rule) .. ", and so to " .. what(hit),
        { at = at, case = options and options.case })
    end
  end)
end

return sg
