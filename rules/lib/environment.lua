-- To which environment things belong: by their own tags, else by the configuration that declares them.

local environment = {}

local production = { prod = true, production = true, prd = true, live = true }

-- In lower case; nil when nothing tells.
function environment.of(e)
  local tags = e.tags or {}
  local name = tags.environment or tags.Environment or tags.env or tags.Env or tags.stage or tags.Stage
  if name == nil and known(e.environment) then name = e.environment end
  if name == nil or name == "" then return nil end
  return lower(name)
end

function environment.is_production(name) return name ~= nil and production[name] == true end

return environment
