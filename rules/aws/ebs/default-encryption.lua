return rule {
  id = "AWS-EBS-003", title = "Default encryption of the region is off",
  severity = "medium", category = "encryption",
  aliases = { "CKV_AWS_106" },
  frameworks = { "CIS-AWS-3.0:2.2.1", "NIST-800-53r5:SC-28", "PCI-DSS-4.0:3.5.1", "SOC2:CC6.1",
    "ISO27001-2022:A.8.24" },
  for_each = "aws.ec2.encryption_by_default",
  description = [[With the default on, no volume of the region can be made unencrypted by omission. Code that does not manage the
setting says nothing about it, so only the resource and live regions are judged.]],
  remediation = [[Set `enabled = true`.]],
  references = { "https://docs.aws.amazon.com/ebs/latest/userguide/encryption-by-default.html" },
  check = function(e)
    if not e.enabled then
      local where = e.region ~= "" and e.region or "the region"
      return fail("volumes of " .. where .. " are not encrypted by default (" .. e.name .. ")", { at = "enabled" })
    end
  end,
  fix = set("enabled", true),
  tests = {
    fail = { live [[
[{"type": "aws:ec2:ebs-encryption-by-default", "name": "fire", "body": {"EbsEncryptionByDefault": false}}]
]], [[resource "aws_ebs_encryption_by_default" "fire" { enabled = false }]] },
    pass = { live [[
[{"type": "aws:ec2:ebs-encryption-by-default", "name": "dont_fire", "body": {"EbsEncryptionByDefault": true}}]
]], [[resource "aws_ebs_encryption_by_default" "dont_fire" {}]] },
    unknown = { [[
variable "e" { type = bool }
resource "aws_ebs_encryption_by_default" "a" { enabled = var.e }]] },
  },
}
