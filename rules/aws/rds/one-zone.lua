local tags = lib "tags"

return rule {
  id = "AWS-RDS-011", title = "Production instance runs in one zone",
  severity = "high", category = "resilience",
  aliases = { CKV_AWS_157 = "instance" },
  frameworks = { "NIST-800-53r5:CP-10", "SOC2:A1.2", "ISO27001-2022:A.8.14" },
  for_each = { "aws.rds.instance", "aws.rds.cluster" },
  where = function(e)
    if e.kind == "aws.rds.cluster" then return e.origin ~= "live" and tags.production(e) and e.mode ~= "serverless" end
    -- Members of Aurora clusters are spread by their cluster.
    return e.engine == nil or not starts(e.engine, "aurora")
  end,
  description = [[A database in one zone is gone as long as the zone is. Where the environment is known not to be production the
severity is low.]],
  remediation = [[Set `multi_az = true`; give a cluster two instances or more.]],
  references = { "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.MultiAZ.html" },
  check = function(e)
    if e.kind == "aws.rds.instance" then
      if e.raw.replicate_source_db ~= nil and not e.multi_az then return end
      if not e.multi_az then
        return fail("database " .. e.name .. " runs in one zone", { case = "instance", at = "multi_az", severity = tags.severity(e) })
      end
      return
    end
    if e.raw.db_cluster_instance_class ~= nil then return end -- a Multi-AZ cluster has three by nature
    local n = #e:satellites("instance")
    if n < 2 then
      return fail("production cluster " .. e.name .. " has " .. n .. " instance" .. (n == 1 and "" or "s"), { case = "cluster", at = e })
    end
  end,
  fix = set("multi_az", true, "instance"),
  tests = {
    fail = { live [[
[{"type": "aws:rds:db", "name": "fire", "body": {"MultiAZ": false}}]
]], [[resource "aws_db_instance" "fire" { engine = "postgres" }]] },
    pass = { live [[
[{"type": "aws:rds:db", "name": "dont_fire", "body": {"MultiAZ": true}}]
]], [[
resource "aws_db_instance" "dont_fire" {
  engine   = "postgres"
  multi_az = true
}]] },
    unknown = { [[
variable "m" { type = bool }
resource "aws_db_instance" "a" {
  engine   = "postgres"
  multi_az = var.m
}]] },
  },
}
