return rule {
  id = "AWS-XRAY-001", title = "Traces are not encrypted with a customer managed key",
  severity = "low", category = "encryption",
  frameworks = { "NIST-800-53r5:SC-28", "PCI-DSS-4.0:3.5.1", "SOC2:CC6.1", "ISO27001-2022:A.8.24" },
  for_each = "aws.xray.encryption",
  description = [[Traces hold addresses, headers and what applications add to them. With a key of one's own, reading them needs a right on
the key.]],
  remediation = [[Set `type = "KMS"` and `key_id`.]],
  references = { "https://docs.aws.amazon.com/xray/latest/devguide/xray-console-encryption.html" },
  check = function(e)
    if e.mode ~= "KMS" then return fail("traces of " .. e.name .. " are encrypted with a key of AWS", { at = "mode" }) end
  end,
  fix = set("mode", "KMS"),
  tests = {
    fail = { [[resource "aws_xray_encryption_config" "fire" { type = "NONE" }]], live [[
[{"type": "aws:xray:encryption-config", "name": "fire", "body": {"Status": "ACTIVE", "Type": "NONE"}}]
]] },
    pass = { [[
resource "aws_kms_key" "k" {}
resource "aws_xray_encryption_config" "dont_fire" {
  type   = "KMS"
  key_id = aws_kms_key.k.arn
}]], live [[
[{"type": "aws:xray:encryption-config", "name": "dont_fire", "body": {"Status": "ACTIVE", "Type": "KMS", "KeyId": "arn:k"}}]
]] },
    unknown = { [[
variable "t" {}
resource "aws_xray_encryption_config" "a" { type = var.t }]] },
  },
}
