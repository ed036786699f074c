-- Network policies: which pods they select, what they let through.

local pod = lib "pod"
local netpol = {}

function netpol.namespace(e)
  local space = e.raw.metadata and e.raw.metadata.namespace
  if space == nil and not pod.is_terraform(e) then space = e.space end
  if space == nil or space == "" then return "default" end
  return space
end

-- "Ingress", "Egress": as written, else as the API server fills it in.
function netpol.types(e)
  local spec, types = e.raw.spec, {}
  local written = pod.get(e, spec, "policyTypes")
  if written ~= nil and #written > 0 then
    for _, t in ipairs(written) do types[t] = true end
    return types
  end
  types.Ingress = true
  types.Egress = spec.egress ~= nil and #spec.egress > 0
  return types
end

function netpol.selects_all(e)
  local selector = pod.get(e, e.raw.spec, "podSelector")
  if selector == nil then return true end
  for _, field in ipairs { "matchLabels", "matchExpressions" } do
    if pod.first_key(pod.get(e, selector, field)) ~= nil then return false end
  end
  return true
end

local function list_of(x)
  if x == nil then return {} end
  return x
end

-- Rules of a direction that let any peer in or out, without a limit of ports.
function netpol.open_rules(e, direction)
  local peers = direction == "ingress" and "from" or "to"
  return each(list_of(e.raw.spec[direction]), function(rule)
    local ports = rule.ports
    if ports ~= nil and #ports > 0 then return end
    local list = rule[peers]
    if list == nil or #list == 0 then
      return fail("policy " .. e.name .. " has an " .. direction .. " rule without " .. peers .. " and ports: it lets everything "
        .. (direction == "ingress" and "in" or "out"), { at = rule })
    end
    for _, peer in ipairs(list) do
      local block = pod.get(e, peer, "ipBlock")
      local net = block ~= nil and block.cidr
      local except = block ~= nil and block.except
      if net and cidr.any(net) and (except == nil or #except == 0 or direction == "egress") then
        return fail("policy " .. e.name .. " lets traffic " .. (direction == "ingress" and "from " or "to ") .. net
          .. " through on every port", { at = peer })
      end
    end
  end)
end

return netpol
