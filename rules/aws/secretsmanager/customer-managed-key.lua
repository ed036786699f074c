local kms = lib "kms"
local values = lib "values"

return rule {
  id = "AWS-SM-001", title = "Secret is not encrypted with a customer managed key",
  severity = "medium", category = "encryption",
  aliases = { "CKV_AWS_149", "AVD-AWS-0098" },
  frameworks = { "NIST-800-53r5:SC-28", "PCI-DSS-4.0:3.5.1", "SOC2:CC6.1", "ISO27001-2022:A.8.24" },
  for_each = "aws.secretsmanager.secret",
  description = [[With a key of one's own, reading the secret also needs a right on the key, every use is logged, and the key can be
withdrawn.]],
  remediation = [[Set `kms_key_id`.]],
  references = { "https://docs.aws.amazon.com/secretsmanager/latest/userguide/security-encryption.html" },
  check = function(e)
    if e.origin == "live" then
      if kms.is_own(e.key) then return end
    elseif values.own_key(e, e.raw, "kms_key_id") and not (known(e.key) and match(e.key, "aws/")) then
      return
    end
    return fail("secret " .. e.name .. " has no key of its own", { at = "key" })
  end,
  tests = {
    fail = { live [[
[{"type": "aws:secretsmanager:secret", "name": "fire", "body": {"Name": "s"}}]
]], [[resource "aws_secretsmanager_secret" "fire" { name = "fire" }]], [[
resource "aws_secretsmanager_secret" "fire" { kms_key_id = "alias/aws/secretsmanager" }]] },
    pass = { live [[
[{"type": "aws:secretsmanager:secret", "name": "dont_fire", "body": {"Name": "s", "KmsKeyId": "arn:k"}},
 {"type": "aws:kms:key", "name": "k", "body": {"KeyId": "k", "Arn": "arn:k", "KeyManager": "CUSTOMER"}}]
]], [[
resource "aws_kms_key" "k" {}
resource "aws_secretsmanager_secret" "dont_fire" { kms_key_id = aws_kms_key.k.arn }]] },
    unknown = { [[
variable "key" {}
resource "aws_secretsmanager_secret" "a" { kms_key_id = var.key }]] },
  },
}
