return rule {
  id = "AWS-CACHE-005", title = "Replication group cannot fail over",
  severity = "medium", category = "resilience",
  aliases = { CKV2_AWS_50 = "failover" },
  frameworks = { "NIST-800-53r5:CP-10", "SOC2:A1.2", "ISO27001-2022:A.8.14" },
  for_each = "aws.elasticache.group",
  description = [[A group that cannot fail over is gone as long as its zone or first node is.]],
  remediation = [[Set `automatic_failover_enabled = true` and `multi_az_enabled = true`, with two nodes or more.]],
  references = { "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/AutoFailover.html" },
  check = function(e)
    if not e.failover then return fail("cache " .. e.name .. " does not fail over", { case = "failover", at = "failover" }) end
    if not e.multi_az then return fail("cache " .. e.name .. " is not spread over zones", { case = "zones", at = "multi_az" }) end
  end,
  fix = { set("failover", true, "failover"), set("multi_az", true, "failover"), set("multi_az", true, "zones") },
  tests = {
    fail = { live [[
[{"type": "aws:elasticache:replicationgroup", "name": "fire",
  "body": {"ReplicationGroupId": "r", "AutomaticFailover": "disabled", "MultiAZ": "disabled"}}]
]], [[resource "aws_elasticache_replication_group" "fire" { description = "fire" }]], [[
resource "aws_elasticache_replication_group" "fire" { automatic_failover_enabled = true }]] },
    pass = { live [[
[{"type": "aws:elasticache:replicationgroup", "name": "dont_fire",
  "body": {"ReplicationGroupId": "r", "AutomaticFailover": "enabled", "MultiAZ": "enabled"}}]
]], [[
resource "aws_elasticache_replication_group" "dont_fire" {
  automatic_failover_enabled = true
  multi_az_enabled           = true
}]] },
    unknown = { [[
variable "f" { type = bool }
resource "aws_elasticache_replication_group" "a" { automatic_failover_enabled = var.f }]] },
  },
}
