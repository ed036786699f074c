local values = lib "values"

return rule {
  id = "AWS-KEYSPACES-001", title = "Cassandra-compatible table lacks a customer managed key or recovery point",
  severity = "medium", category = "encryption",
  aliases = { CKV_AWS_265 = "key" },
  frameworks = { "NIST-800-53r5:SC-28", "PCI-DSS-4.0:3.5.1", "SOC2:CC6.1", "ISO27001-2022:A.8.24" },
  for_each = "aws.keyspaces.table",
  description = [[With a key of one's own, access to the data also needs a right on the key, and the key can be withdrawn. Point-in-time
recovery brings back what a wrong statement changed.]],
  remediation = [[Set `type = "CUSTOMER_MANAGED_KMS_KEY"` and `kms_key_identifier` in `encryption_specification`, and
`point_in_time_recovery { status = "ENABLED" }`.]],
  references = { "https://docs.aws.amazon.com/keyspaces/latest/devguide/EncryptionAtRest.html",
    "https://docs.aws.amazon.com/keyspaces/latest/devguide/PointInTimeRecovery.html" },
  check = function(e)
    local failures = {}
    local own = e.encryption.mode == "CUSTOMER_MANAGED_KMS_KEY"
    if own and e.origin ~= "live" then own = values.set(e, e.raw.encryption_specification, "kms_key_identifier") end
    if not own then failures[1] = fail("table " .. e.name .. " has no key of its own", { case = "key", at = "encryption.mode" }) end
    if not e.recovery then
      failures[#failures + 1] = fail("table " .. e.name .. " has no point-in-time recovery", { case = "recovery", at = "recovery" })
    end
    return failures
  end,
  fix = set("recovery", true, "recovery"),
  tests = {
    fail = { [[resource "aws_keyspaces_table" "fire" { table_name = "fire" }]], [[
resource "aws_kms_key" "k" {}
resource "aws_keyspaces_table" "fire" {
  table_name = "fire"
  encryption_specification {
    kms_key_identifier = aws_kms_key.k.arn
    type               = "CUSTOMER_MANAGED_KMS_KEY"
  }
}]], live [[
[{"type": "aws:cassandra:table", "name": "fire", "body": {"tableName": "t", "encryptionSpecification": {"type": "AWS_OWNED_KMS_KEY"},
  "pointInTimeRecovery": {"status": "ENABLED"}}}]
]] },
    pass = { [[
resource "aws_kms_key" "k" {}
resource "aws_keyspaces_table" "dont_fire" {
  table_name = "dont-fire"
  encryption_specification {
    kms_key_identifier = aws_kms_key.k.arn
    type               = "CUSTOMER_MANAGED_KMS_KEY"
  }
  point_in_time_recovery { status = "ENABLED" }
}]], live [[
[{"type": "aws:cassandra:table", "name": "dont_fire", "body": {"tableName": "t",
  "encryptionSpecification": {"type": "CUSTOMER_MANAGED_KMS_KEY", "kmsKeyIdentifier": "arn:k"}, "pointInTimeRecovery": {"status": "ENABLED"}}}]
]] },
    unknown = { [[
variable "s" {}
resource "aws_kms_key" "k" {}
resource "aws_keyspaces_table" "a" {
  table_name = "a"
  encryption_specification {
    kms_key_identifier = aws_kms_key.k.arn
    type               = "CUSTOMER_MANAGED_KMS_KEY"
  }
  point_in_time_recovery { status = var.s }
}]] },
  },
}
