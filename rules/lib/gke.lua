-- Nodes of Google's clusters: which node configurations a resource has, and what they say.

local gke = {}

-- Attributes are in camel case where Google answers, in snake case in Terraform.
local function spelled(e, name)
  if e.origin ~= "live" then return name end
  return (string.gsub(name, "_(%a)", function(letter) return string.upper(letter) end))
end

-- What a node configuration says under some names; nil where it says nothing.
function gke.read(e, config, ...)
  local at = config
  for _, name in ipairs { ... } do
    if at == nil then return nil end
    at = at[spelled(e, name)]
  end
  return at
end

function gke.key(e, name)
  return spelled(e, name)
end

-- Node configurations that a cluster or a pool sets, as { config = block or nil, name = what they are of }. A cluster has those of
-- its default pool and of the pools written in it; nodes of Autopilot are Google's. In a live account pools come by themselves.
function gke.configs(e)
  if e.kind == "gcp.container.node_pool" then
    return { { config = e.raw[e.origin == "live" and "config" or "node_config"], name = "pool " .. e.name } }
  end
  if e.origin == "live" or e.autopilot then return {} end
  local found = {}
  for _, pool in ipairs(list(e.raw.node_pool)) do
    found[#found + 1] = { config = pool.node_config, name = "a pool of cluster " .. e.name }
  end
  if #found == 0 and not e.default_pool_removed then
    found[1] = { config = e.raw.node_config, name = "the default pool of cluster " .. e.name }
  end
  return found
end

-- The cluster of a pool, or nil where it is outside the scan.
function gke.cluster(pool)
  for _, target in ipairs(pool:targets(pool.raw.cluster)) do
    if target.kind == "gcp.container.cluster" then return target end
  end
end

return gke
