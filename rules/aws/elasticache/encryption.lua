local kms = lib "kms"
local values = lib "values"

return rule {
  id = "AWS-CACHE-001", title = "Replication group is not encrypted at rest, or not with a customer managed key",
  severity = "high", category = "encryption",
  aliases = { CKV_AWS_29 = "rest", ["AVD-AWS-0045"] = "rest", CKV_AWS_191 = "key" },
  frameworks = { "NIST-800-53r5:SC-28", "PCI-DSS-4.0:3.5.1", "SOC2:CC6.1", "ISO27001-2022:A.8.24" },
  for_each = { "aws.elasticache.group", "aws.elasticache.serverless" },
  description = [[A cache holds sessions and answers in the clear, and so do its snapshots. A key of one's own can be withdrawn.]],
  remediation = [[Set `at_rest_encryption_enabled = true` and `kms_key_id`.]],
  references = { "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/at-rest-encryption.html" },
  -- Serverless caches are always encrypted; groups of Valkey are unless told otherwise.
  check = function(e)
    return each({ "rest", "key" }, function(place)
      if place == "key" then
        local own
        if e.origin == "live" then own = kms.is_own(e.raw.KmsKeyId) else own = values.own_key(e, e.raw, "kms_key_id") end
        if not own then
          return fail("cache " .. e.name .. " has no key of its own", { case = place, at = e, severity = "medium" })
        end
      elseif e.kind == "aws.elasticache.group" and not e.encryption.rest then
        if e.encryption.rest == nil and e.engine == "valkey" then return end
        return fail("cache " .. e.name .. " is not encrypted at rest", { case = place, at = "encryption.rest" })
      end
    end)
  end,
  fix = set("encryption.rest", true, "rest"),
  tests = {
    fail = { live [[
[{"type": "aws:elasticache:replicationgroup", "name": "fire",
  "body": {"ReplicationGroupId": "r", "AtRestEncryptionEnabled": false}}]
]], [[resource "aws_elasticache_replication_group" "fire" { description = "fire" }]], [[
resource "aws_elasticache_serverless_cache" "fire" { name = "fire" }]] },
    pass = { live [[
[{"type": "aws:elasticache:replicationgroup", "name": "dont_fire",
  "body": {"ReplicationGroupId": "r", "AtRestEncryptionEnabled": true, "KmsKeyId": "arn:k"}},
 {"type": "aws:kms:key", "name": "k", "body": {"KeyId": "k", "Arn": "arn:k", "KeyManager": "CUSTOMER"}}]
]], [[
resource "aws_elasticache_replication_group" "dont_fire" {
  at_rest_encryption_enabled = true
  kms_key_id                 = "arn:aws:kms:eu-west-1:123456789012:key/k"
}]] },
    unknown = { [[
variable "e" { type = bool }
resource "aws_elasticache_replication_group" "a" {
  at_rest_encryption_enabled = var.e
  kms_key_id                 = "arn:aws:kms:eu-west-1:123456789012:key/k"
}]] },
  },
}
