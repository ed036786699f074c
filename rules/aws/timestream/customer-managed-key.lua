local kms = lib "kms"
local values = lib "values"

return rule {
  id = "AWS-TS-001", title = "Time series database is not encrypted with a customer managed key",
  severity = "medium", category = "encryption",
  aliases = { "CKV_AWS_160" },
  frameworks = { "NIST-800-53r5:SC-28", "PCI-DSS-4.0:3.5.1", "SOC2:CC6.1", "ISO27001-2022:A.8.24" },
  for_each = "aws.timestream.database",
  description = [[With a key of one's own, access to the data also needs a right on the key, every use is logged, and the key can be
withdrawn.]],
  remediation = [[Set `kms_key_id`.]],
  references = { "https://docs.aws.amazon.com/timestream/latest/developerguide/EncryptionAtRest.html" },
  check = function(e)
    if e.origin ~= "live" then
      if values.own_key(e, e.raw, "kms_key_id") then return end
      return fail("database " .. e.name .. " has no key of its own", { at = e })
    end
    if not kms.is_own(e.key) then return fail("database " .. e.name .. " has no key of its own", { at = e.key ~= nil and "key" or e }) end
  end,
  tests = {
    fail = { [[resource "aws_timestreamwrite_database" "fire" { database_name = "fire" }]], live [[
[{"type": "aws:timestream:database", "name": "fire", "body": {"DatabaseName": "d", "KmsKeyId": "arn:k"}},
 {"type": "aws:kms:key", "name": "k", "body": {"KeyId": "k", "Arn": "arn:k", "KeyManager": "AWS"}}]
]] },
    pass = { [[
resource "aws_kms_key" "k" {}
resource "aws_timestreamwrite_database" "dont_fire" {
  database_name = "dont-fire"
  kms_key_id    = aws_kms_key.k.arn
}]], live [[
[{"type": "aws:timestream:database", "name": "dont_fire", "body": {"DatabaseName": "d", "KmsKeyId": "arn:k"}},
 {"type": "aws:kms:key", "name": "k", "body": {"KeyId": "k", "Arn": "arn:k", "KeyManager": "CUSTOMER"}}]
]] },
    unknown = { [[
variable "k" {}
resource "aws_timestreamwrite_database" "a" { kms_key_id = var.k }]], live [[
[{"type": "aws:timestream:database", "name": "a", "body": {"DatabaseName": "d", "KmsKeyId": "arn:k"}}]
]] },
  },
}
