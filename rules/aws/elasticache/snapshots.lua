return rule {
  id = "AWS-CACHE-004", title = "Redis has no automatic snapshot",
  severity = "medium", category = "resilience",
  aliases = { "CKV_AWS_134", "AVD-AWS-0050" },
  frameworks = { "NIST-800-53r5:CP-9", "SOC2:A1.2", "ISO27001-2022:A.8.13" },
  for_each = { "aws.elasticache.cluster", "aws.elasticache.group" },
  -- Memcached has no snapshots; members of a group take the group's.
  where = function(e)
    if e.kind == "aws.elasticache.group" then return true end
    return e.engine ~= "memcached" and (e.origin == "live" or e.raw.replication_group_id == nil)
  end,
  description = [[Without snapshots what is only in the cache is lost with it.]],
  remediation = [[Set `snapshot_retention_limit` to the days to keep.]],
  references = { "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/backups-automatic.html" },
  check = function(e)
    if e.snapshots <= 0 then return fail("cache " .. e.name .. " has no automatic snapshot", { at = "snapshots" }) end
  end,
  fix = set("snapshots", 7),
  tests = {
    fail = { live [[
[{"type": "aws:elasticache:cluster", "name": "fire", "body": {"SnapshotRetentionLimit": 0}}]
]], [[resource "aws_elasticache_cluster" "fire" { engine = "redis" }]] },
    pass = { live [[
[{"type": "aws:elasticache:cluster", "name": "dont_fire", "body": {"SnapshotRetentionLimit": 7}}]
]], [[
resource "aws_elasticache_cluster" "dont_fire" { engine = "memcached" }
resource "aws_elasticache_replication_group" "dont_fire" { snapshot_retention_limit = 5 }]] },
    unknown = { [[
variable "n" { type = number }
resource "aws_elasticache_replication_group" "a" { snapshot_retention_limit = var.n }]] },
  },
}
