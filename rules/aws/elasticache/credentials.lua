local values = lib "values"

return rule {
  id = "AWS-CACHE-003", title = "Cache asks for no credentials",
  severity = "high", category = "least-privilege",
  version = 2, changes = { "judged on live answers too" },
  aliases = { "CKV_AWS_31" },
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = "aws.elasticache.group",
  description = [[Everyone who reaches the cache reads and changes it.]],
  remediation = [[Set `user_group_ids`, or `auth_token`; both need TLS.]],
  references = { "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth.html" },
  check = function(e)
    if e.origin == "live" then
      if e.encryption.transit and (e.raw.AuthTokenEnabled == true or #list(e.raw.UserGroupIds) > 0) then return end
      return fail("cache " .. e.name .. " asks for no credentials", { at = e })
    end
    for _, field in ipairs { "auth_token", "user_group_ids" } do
      -- Both are refused without TLS.
      if values.set(e, e.raw, field) and e.encryption.transit then return end
    end
    return fail("cache " .. e.name .. " asks for no credentials", { at = e })
  end,
  tests = {
    fail = { [[resource "aws_elasticache_replication_group" "fire" { transit_encryption_enabled = true }]], live [[
[{"type": "aws:elasticache:replicationgroup", "name": "fire", "body": {"ReplicationGroupId": "fire", "TransitEncryptionEnabled": true, "AuthTokenEnabled": false}}]
]] },
    pass = { [[
resource "random_password" "p" { length = 32 }
resource "aws_elasticache_replication_group" "dont_fire" {
  transit_encryption_enabled = true
  auth_token                 = random_password.p.result
}
resource "aws_elasticache_replication_group" "dont_fire_with_users" {
  transit_encryption_enabled = true
  user_group_ids             = ["users"]
}]], live [[
[{"type": "aws:elasticache:replicationgroup", "name": "dont_fire", "body": {"ReplicationGroupId": "dont_fire", "TransitEncryptionEnabled": true, "AuthTokenEnabled": true}}]
]] },
    unknown = { [[
variable "t" {}
resource "aws_elasticache_replication_group" "a" {
  transit_encryption_enabled = true
  auth_token                 = var.t
}]], live [[
[{"type": "aws:elasticache:replicationgroup", "name": "a", "body": {"ReplicationGroupId": "a", "TransitEncryptionEnabled": true}, "unknown": {"AuthTokenEnabled": "AccessDenied"}}]
]] },
  },
}
