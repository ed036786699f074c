-- Parameter groups of databases.

local rds = {}

-- The parameter groups of an instance or cluster that are in the scan.
function rds.parameter_groups(e)
  local found = {}
  for _, other in ipairs(e:targets(e.raw.parameter_group_name)) do
    if other.kind == "aws.rds.parameter_group" then found[#found + 1] = other end
  end
  for _, other in ipairs(e:targets(e.raw.db_cluster_parameter_group_name)) do
    if other.kind == "aws.rds.parameter_group" then found[#found + 1] = other end
  end
  return found
end

-- The block that sets a parameter, or nil.
function rds.parameter(group, name)
  for _, parameter in ipairs(list(group.raw.parameter)) do
    if parameter.name == name then return parameter end
  end
end

return rds
