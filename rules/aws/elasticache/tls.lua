return rule {
  id = "AWS-CACHE-002", title = "Clients may connect without TLS",
  severity = "high", category = "encryption",
  aliases = { CKV_AWS_30 = "off", ["AVD-AWS-0051"] = "off" },
  frameworks = { "NIST-800-53r5:SC-8", "PCI-DSS-4.0:4.2.1", "SOC2:CC6.7", "ISO27001-2022:A.8.24" },
  for_each = "aws.elasticache.group",
  description = [[Without TLS everyone on the network path reads what is cached, and the password with it.]],
  remediation = [[Set `transit_encryption_enabled = true` and `transit_encryption_mode = "required"`.]],
  references = { "https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/in-transit-encryption.html" },
  check = function(e)
    if not e.encryption.transit then
      return fail("clients reach cache " .. e.name .. " without TLS", { case = "off", at = "encryption.transit" })
    end
    if e.encryption.mode == "preferred" then
      return fail("clients may reach cache " .. e.name .. " without TLS", { case = "preferred", at = "encryption.mode" })
    end
  end,
  fix = set("encryption.transit", true),
  tests = {
    fail = { live [[
[{"type": "aws:elasticache:replicationgroup", "name": "fire", "body": {"TransitEncryptionEnabled": false}}]
]], [[resource "aws_elasticache_replication_group" "fire" { description = "fire" }]], [[
resource "aws_elasticache_replication_group" "fire" {
  transit_encryption_enabled = true
  transit_encryption_mode    = "preferred"
}]] },
    pass = { live [[
[{"type": "aws:elasticache:replicationgroup", "name": "dont_fire", "body": {"TransitEncryptionEnabled": true}}]
]], [[resource "aws_elasticache_replication_group" "dont_fire" { transit_encryption_enabled = true }]] },
    unknown = { [[
variable "t" { type = bool }
resource "aws_elasticache_replication_group" "a" { transit_encryption_enabled = var.t }]] },
  },
}
