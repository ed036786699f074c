return rule {
  id = "AWS-KMS-001", title = "Key is not rotated",
  severity = "medium", category = "encryption",
  aliases = { "CKV_AWS_7", "AVD-AWS-0065" },
  frameworks = { "CIS-AWS-3.0:3.6", "NIST-800-53r5:SC-12", "PCI-DSS-4.0:3.7.4", "SOC2:CC6.1",
    "ISO27001-2022:A.8.24" },
  for_each = "aws.kms.key",
  -- Only keys with AWS's own material of the symmetric kind can be rotated by KMS.
  where = function(e)
    local spec = e.spec
    if spec ~= nil and spec ~= "SYMMETRIC_DEFAULT" then return false end
    if e.raw.Origin ~= nil and e.raw.Origin ~= "AWS_KMS" then return false end
    if e.raw.KeyManager == "AWS" then return false end
    return e.raw.custom_key_store_id == nil and e.usage == "ENCRYPT_DECRYPT"
  end,
  description = [[Rotation limits how much data one key protects and how long a leaked one is of use. It needs no change anywhere.]],
  remediation = [[Set `enable_key_rotation = true`.]],
  references = { "https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html" },
  check = function(e)
    if not e.rotation then return fail("key " .. e.name .. " is not rotated", { at = "rotation" }) end
  end,
  fix = set("rotation", true),
  tests = {
    fail = { live [[
[{"type": "aws:kms:key", "name": "fire", "body": {"KeyRotationEnabled": false}}]
]], [[resource "aws_kms_key" "fire" {}]] },
    pass = { live [[
[{"type": "aws:kms:key", "name": "dont_fire", "body": {"KeyRotationEnabled": true}}]
]], [[
resource "aws_kms_key" "dont_fire" { enable_key_rotation = true }
resource "aws_kms_key" "dont_fire_signing" {
  key_usage                = "SIGN_VERIFY"
  customer_master_key_spec = "RSA_4096"
}]] },
    unknown = { [[
variable "r" { type = bool }
resource "aws_kms_key" "a" { enable_key_rotation = var.r }]] },
  },
}
