local rds = lib "rds"

-- The parameter that forces TLS, by the family of the group, and the values that do.
local function wanted(family)
  if match(family, "^(?:aurora-)?postgres(?:ql)?|sqlserver") then return "rds.force_ssl", { "1" } end
  if match(family, "^(?:mariadb|mysql|aurora-mysql|aurora5)") then return "require_secure_transport", { "1", "ON", "on" } end
  if match(family, "^db2") then return "db2comm", { "SSL", "ssl" } end
end

-- PostgreSQL 15 and later and MariaDB 11.8 force TLS unless told otherwise.
local function forced_by_default(family)
  local version = tonumber(match(family, "^(?:aurora-)?postgres(?:ql)?([0-9]+)"))
  return version ~= nil and version >= 15
end

return rule {
  id = "AWS-RDS-006", title = "Connections may be unencrypted",
  severity = "high", category = "encryption",
  aliases = { "CKV2_AWS_69" },
  frameworks = { "NIST-800-53r5:SC-8", "PCI-DSS-4.0:4.2.1", "SOC2:CC6.7", "ISO27001-2022:A.8.24" },
  for_each = { "aws.rds.instance", "aws.rds.cluster" },
  where = function(e) return e.origin ~= "live" end,
  description = [[Unless the parameter group forces it, a client may connect in the clear and send its password and data so.]],
  remediation = [[Set `rds.force_ssl = 1` (PostgreSQL, SQL Server) or `require_secure_transport = ON` (MySQL, MariaDB) in the parameter
group.]],
  references = { "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html" },
  -- A database without a group of its own has its engine's default group; which that is depends on a version that code
  -- often leaves open, so it is not judged as failing (CKV2_AWS_69 lets it pass).
  check = function(e)
    local groups = rds.parameter_groups(e)
    if #groups == 0 then unknown("the parameter group in force is not in the scan") end
    return each(groups, function(group)
      local name, values = wanted(group.family or "")
      if not name then return end
      local at = rds.parameter(group, name)
      if not at then
        if forced_by_default(group.family) then return end
        return fail("parameter group " .. group.name .. " of " .. e.name .. " does not set " .. name,
          { at = "parameter_group", evidence = { { group, "the parameter group" } } })
      end
      if not one_of(tostring(at.value), table.unpack(values)) then
        return fail("parameter group " .. group.name .. " of " .. e.name .. " sets " .. name .. " to " .. tostring(at.value),
          { at = "parameter_group", evidence = { { at, "here" } } })
      end
    end)
  end,
  tests = {
    fail = { [[
resource "aws_db_parameter_group" "g" { family = "postgres14" }
resource "aws_db_instance" "fire" {
  engine               = "postgres"
  parameter_group_name = aws_db_parameter_group.g.name
}]] },
    pass = { [[
resource "aws_db_parameter_group" "g" {
  family = "postgres14"
  parameter {
    name  = "rds.force_ssl"
    value = "1"
  }
}
resource "aws_db_instance" "dont_fire" {
  engine               = "postgres"
  parameter_group_name = aws_db_parameter_group.g.name
}]] },
    unknown = { [[resource "aws_db_instance" "a" { engine = "postgres" }]] },
  },
}
