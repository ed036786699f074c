-- Requests and limits of containers, with what a LimitRange of the namespace supplies.

local pod = lib "pod"
local resources = {}

local function supplied(e, field, name)
  for _, range in ipairs(pod.neighbours(e, "k8s.limitrange")) do
    local limits = range.raw.spec.limits or range.raw.spec.limit
    for _, limit in ipairs(limits or {}) do
      if limit.type == "Container" and pod.get(e, limit, field, name) ~= nil then return true end
    end
  end
  return false
end

function resources.limited(c, name)
  return pod.get(c.e, c.at, "resources", "limits", name) ~= nil or supplied(c.e, "default", name)
end

-- A limit without a request stands for a request of the same size; so does a LimitRange's default.
function resources.requested(c, name)
  return pod.get(c.e, c.at, "resources", "requests", name) ~= nil or resources.limited(c, name)
    or supplied(c.e, "defaultRequest", name)
end

return resources
