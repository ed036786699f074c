-- What the answers of a whole region say: lists that prove that there is nothing.

local region = {}

-- A list of the region that a live entity lies in ("FlowLogs", as rules/data/live_aws.tsv collects it). Nil without the
-- region in the scan; the check ends where the list was not asked for.
function region.list(e, name)
  for _, r in ipairs(graph.all("aws.account.region")) do
    if r.account == e.account and r.region == e.region then
      if r.raw[name] == nil then return nil end
      return list(r.raw[name])
    end
  end
end

return region
