local kms = lib "kms"
local values = lib "values"

return rule {
  id = "AWS-BACKUP-001", title = "Vault is not encrypted with a customer managed key",
  severity = "medium", category = "encryption",
  aliases = { "CKV_AWS_166" },
  frameworks = { "NIST-800-53r5:SC-28", "PCI-DSS-4.0:3.5.1", "SOC2:CC6.1", "ISO27001-2022:A.8.24" },
  for_each = "aws.backup.vault",
  description = [[With a key of one's own, restoring also needs a right on the key, and copies can go to other accounts, which those with the
key of AWS cannot.]],
  remediation = [[Set `kms_key_arn`.]],
  references = { "https://docs.aws.amazon.com/aws-backup/latest/devguide/encryption.html" },
  check = function(e)
    if e.origin ~= "live" then
      if values.own_key(e, e.raw, "kms_key_arn") then return end
      return fail("vault " .. e.name .. " has no key of its own", { at = e })
    end
    if not kms.is_own(e.key) then return fail("vault " .. e.name .. " has no key of its own", { at = e.key ~= nil and "key" or e }) end
  end,
  tests = {
    fail = { [[resource "aws_backup_vault" "fire" { name = "fire" }]], live [[
[{"type": "aws:backup:backup-vault", "name": "fire", "body": {"BackupVaultName": "v", "EncryptionKeyArn": "arn:k"}},
 {"type": "aws:kms:key", "name": "k", "body": {"KeyId": "k", "Arn": "arn:k", "KeyManager": "AWS"}}]
]] },
    pass = { [[
resource "aws_kms_key" "k" {}
resource "aws_backup_vault" "dont_fire" {
  name        = "dont-fire"
  kms_key_arn = aws_kms_key.k.arn
}]], live [[
[{"type": "aws:backup:backup-vault", "name": "dont_fire", "body": {"BackupVaultName": "v", "EncryptionKeyArn": "arn:k"}},
 {"type": "aws:kms:key", "name": "k", "body": {"KeyId": "k", "Arn": "arn:k", "KeyManager": "CUSTOMER"}}]
]] },
    unknown = { [[
variable "k" {}
resource "aws_backup_vault" "a" {
  name        = "a"
  kms_key_arn = var.k
}]], live [[
[{"type": "aws:backup:backup-vault", "name": "a", "body": {"BackupVaultName": "v", "EncryptionKeyArn": "arn:k"}}]
]] },
  },
}
