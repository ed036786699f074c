-- Entities by what an attribute of theirs says: a rule that goes through all of a kind for each of another costs the square.

local lookup = {}

-- Those of a kind in this unit whose attribute `member` is that text or number.
function lookup.by(kind, member, value)
  local index = once("lookup " .. kind .. " " .. member, function()
    local by = {}
    for _, other in ipairs(graph.all(kind)) do
      local key = other.raw[member]
      if type(key) == "string" or type(key) == "number" then
        by[key] = by[key] or {}
        table.insert(by[key], other)
      end
    end
    return by
  end)
  return value ~= nil and index[value] or {}
end

return lookup
