-- Services by their tags: what belongs together across regions and clouds.

local tags = lib "tags"
local services = {}

local keys_of = { "service", "app", "application", "workload", "app.kubernetes.io/part-of" }

-- The service that a resource is part of, in lower case; nil where no tag tells.
function services.of(e)
  local name = tags.first(e, keys_of)
  return name and lower(tostring(name))
end

-- Other resources of the kinds that carry the same service tag, in every unit of the scan.
function services.others(e, kinds)
  local own, found = services.of(e), {}
  for _, kind in ipairs(own and kinds or {}) do
    for _, other in ipairs(graph.everywhere(kind)) do
      if other ~= e and known(other.tags) and services.of(other) == own then found[#found + 1] = other end
    end
  end
  return found
end

-- "eu-west-1", "europe-west6"; nil where it is not known.
function services.region(e)
  local region = e.raw.location or e.raw.region or e.region
  if region == nil or region == "" then return nil end
  return lower((string.gsub(region, "^([^-]+%-[^-]+%d)%-[a-z]$", "%1")))
end

return services
