return rule {
  id = "AWS-EFS-001", title = "File system is not encrypted",
  severity = "high", category = "encryption",
  aliases = { "CKV_AWS_42", "AVD-AWS-0037" },
  frameworks = { "CIS-AWS-3.0:2.4.1", "NIST-800-53r5:SC-28", "PCI-DSS-4.0:3.5.1", "SOC2:CC6.1", "ISO27001-2022:A.8.24" },
  for_each = "aws.efs.file_system",
  classes = { regulated = "critical" },
  description = [[Files that are not encrypted can be read from every copy, and an existing file system cannot be encrypted.]],
  remediation = [[Set `encrypted = true` on a new file system, and copy the files.]],
  references = { "https://docs.aws.amazon.com/efs/latest/ug/encryption-at-rest.html" },
  check = function(e)
    if not e.encrypted then return fail("file system " .. e.name .. " is not encrypted", { at = "encrypted" }) end
  end,
  fix = set("encrypted", true),
  tests = {
    fail = { live [[
[{"type": "aws:elasticfilesystem:file-system", "name": "fire", "body": {"Encrypted": false}}]
]], [[resource "aws_efs_file_system" "fire" { creation_token = "fire" }]] },
    pass = { live [[
[{"type": "aws:elasticfilesystem:file-system", "name": "dont_fire", "body": {"Encrypted": true}}]
]], [[resource "aws_efs_file_system" "dont_fire" { encrypted = true }]] },
    unknown = { [[
variable "e" { type = bool }
resource "aws_efs_file_system" "a" { encrypted = var.e }]] },
  },
}
