-- What the answers of a whole region say: lists that prove that there is nothing.

local region = {}

-- A list of the region that a live entity lies in ("FlowLogs", as rules/data/live_aws.tsv collects it). Nil without the
-- region in the scan; the check ends where the list was not asked for.
function region.list(e, name)
  local regions = once("regions", function()
    local by = {}
    for _, r in ipairs(graph.all("aws.account.region")) do
      local key = r.account .. " " .. r.region
      by[key] = by[key] or r
    end
    return by
  end)
  local r = regions[e.account .. " " .. e.region]
  if r == nil or r.raw[name] == nil then return nil end
  return list(r.raw[name])
end

return region
