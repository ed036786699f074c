-- Flags of Cloud SQL instances.

local cloudsql = {}

-- The engine of an instance: "MYSQL", "POSTGRES" or "SQLSERVER".
function cloudsql.engine(e)
  return e.version ~= nil and match(e.version, "^[A-Z]+") or nil
end

-- The value of a flag, or nil; second, the block that sets it.
function cloudsql.flag(e, name)
  for _, flag in ipairs(list(e.flags)) do
    if flag.name == name then return lower(tostring(flag.value)), flag end
  end
end

-- Failures for flags that do not have one of the wanted values: { { name, case, { value, … } }, … }.
-- With `absent`, a flag that is not set fails too.
function cloudsql.judge(e, flags, absent)
  return each(flags, function(wanted)
    local name, case, values = wanted[1], wanted[2], wanted[3]
    local value, at = cloudsql.flag(e, name)
    if value == nil then
      if not absent then return end
      return fail("the flag " .. name .. " of " .. e.name .. " is not set to " .. values[1], { case = case })
    end
    if not has(values, value) then
      return fail("the flag " .. name .. " of " .. e.name .. " is " .. value .. " instead of " .. values[1], { case = case, at = at })
    end
  end)
end

return cloudsql
