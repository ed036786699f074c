local kms = lib "kms"
local values = lib "values"

return rule {
  id = "AWS-EFS-002", title = "File system is not encrypted with a customer managed key",
  severity = "medium", category = "encryption",
  aliases = { "CKV_AWS_184" },
  frameworks = { "NIST-800-53r5:SC-28", "PCI-DSS-4.0:3.5.1", "SOC2:CC6.1", "ISO27001-2022:A.8.24" },
  for_each = "aws.efs.file_system",
  classes = { public = "none", internal = "low", regulated = "high" },
  description = [[With a key of one's own, access to the files also needs a right on the key, every use is logged, and the key can be
withdrawn.]],
  remediation = [[Set `kms_key_id`.]],
  references = { "https://docs.aws.amazon.com/efs/latest/ug/encryption-at-rest.html" },
  check = function(e)
    if e.origin == "live" then
      if kms.is_own(e.key) then return end
    elseif values.own_key(e, e.raw, "kms_key_id") then
      return
    end
    return fail("file system " .. e.name .. " has no key of its own", { at = e })
  end,
  tests = {
    fail = { live [[
[{"type": "aws:elasticfilesystem:file-system", "name": "fire", "body": {"Encrypted": true, "KmsKeyId": "arn:k"}},
 {"type": "aws:kms:key", "name": "k", "body": {"KeyId": "k", "Arn": "arn:k", "KeyManager": "AWS"}}]
]], [[resource "aws_efs_file_system" "fire" { encrypted = true }]] },
    pass = { live [[
[{"type": "aws:elasticfilesystem:file-system", "name": "dont_fire", "body": {"Encrypted": true, "KmsKeyId": "arn:k"}},
 {"type": "aws:kms:key", "name": "k", "body": {"KeyId": "k", "Arn": "arn:k", "KeyManager": "CUSTOMER"}}]
]], [[
resource "aws_kms_key" "k" {}
resource "aws_efs_file_system" "dont_fire" {
  encrypted  = true
  kms_key_id = aws_kms_key.k.arn
}]] },
    unknown = { [[
variable "key" {}
resource "aws_efs_file_system" "a" { kms_key_id = var.key }]] },
  },
}
