local kms = lib "kms"
local values = lib "values"

return rule {
  id = "AWS-DDB-002", title = "Table or replica is not encrypted with a customer managed key",
  severity = "medium", category = "encryption",
  aliases = { CKV_AWS_119 = "table", CKV_AWS_271 = "replica", ["AVD-AWS-0025"] = "table" },
  frameworks = { "NIST-800-53r5:SC-28", "PCI-DSS-4.0:3.5.1", "SOC2:CC6.1", "ISO27001-2022:A.8.24" },
  for_each = { "aws.dynamodb.table", "aws.dynamodb.replica" },
  classes = { public = "none", internal = "low", regulated = "high" },
  description = [[With a key of one's own, access to the data also needs a right on the key, every use is logged, and the key can be
withdrawn.]],
  remediation = [[Set `enabled = true` and `kms_key_arn` in `server_side_encryption`; on replicas `kms_key_arn`.]],
  references = { "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/EncryptionAtRest.html" },
  check = function(e)
    if e.kind == "aws.dynamodb.replica" then
      if values.own_key(e, e.raw, "kms_key_arn") then return end
      return fail("replica " .. e.name .. " has no key of its own", { case = "replica", at = e })
    end
    if e.origin == "live" then
      if kms.is_own(e.encryption.key) then return end
    elseif e.encryption.enabled and values.own_key(e, e.raw.server_side_encryption, "kms_key_arn") then
      return
    end
    return fail("table " .. e.name .. " has no key of its own", { case = "table", at = "encryption.key" })
  end,
  tests = {
    fail = { live [[
[{"type": "aws:dynamodb:table", "name": "fire", "body": {"TableName": "t"}}]
]], [[resource "aws_dynamodb_table" "fire" { name = "fire" }]], [[
resource "aws_dynamodb_table_replica" "fire" { global_table_arn = "t" }]] },
    pass = { live [[
[{"type": "aws:dynamodb:table", "name": "dont_fire",
  "body": {"TableName": "t", "SSEDescription": {"Status": "ENABLED", "KMSMasterKeyArn": "arn:k"}}},
 {"type": "aws:kms:key", "name": "k", "body": {"KeyId": "k", "Arn": "arn:k", "KeyManager": "CUSTOMER"}}]
]], [[
resource "aws_kms_key" "k" {}
resource "aws_dynamodb_table" "dont_fire" {
  name = "dont-fire"
  server_side_encryption {
    enabled     = true
    kms_key_arn = aws_kms_key.k.arn
  }
}]] },
    unknown = { [[
variable "key" {}
resource "aws_dynamodb_table" "a" {
  name = "a"
  server_side_encryption {
    enabled     = true
    kms_key_arn = var.key
  }
}]] },
  },
}
