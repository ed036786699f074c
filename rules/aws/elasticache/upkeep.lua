local values = lib "values"

return rule {
  id = "AWS-CACHE-006", title = "Cache skips minor upgrades or uses the default subnet group",
  severity = "low", category = "hygiene",
  aliases = { CKV_AWS_322 = "upgrade", CKV_AWS_323 = "subnets" },
  frameworks = { "NIST-800-53r5:SI-2", "PCI-DSS-4.0:6.3.3", "SOC2:CC7.1", "ISO27001-2022:A.8.8" },
  for_each = "aws.elasticache.cluster",
  -- Members of a group take its subnets.
  where = function(e) return e.origin ~= "live" and e.raw.replication_group_id == nil end,
  description = [[Minor versions fix holes; the default subnet group spans every subnet of the default network.]],
  remediation = [[Leave `auto_minor_version_upgrade` on, and set `subnet_group_name`.]],
  references = { "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/SubnetGroups.html" },
  check = function(e)
    return each({ "upgrade", "subnets" }, function(place)
      if place == "upgrade" then
        if not e.auto_upgrade then return fail("cache " .. e.name .. " skips minor upgrades", { case = place, at = "auto_upgrade" }) end
      elseif not values.set(e, e.raw, "subnet_group_name") or (known(e.subnets) and e.subnets == "default") then
        return fail("cache " .. e.name .. " uses the default subnet group", { case = place, at = "subnets" })
      end
    end)
  end,
  fix = set("auto_upgrade", true, "upgrade"),
  tests = {
    fail = { [[resource "aws_elasticache_cluster" "fire" { engine = "redis" }]], [[
resource "aws_elasticache_cluster" "fire" {
  subnet_group_name          = "caches"
  auto_minor_version_upgrade = false
}]] },
    pass = { [[resource "aws_elasticache_cluster" "dont_fire" { subnet_group_name = "caches" }]] },
    unknown = { [[
variable "g" {}
resource "aws_elasticache_cluster" "a" { subnet_group_name = var.g }]] },
  },
}
