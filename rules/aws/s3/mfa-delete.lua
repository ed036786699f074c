local tags = lib "tags"

return rule {
  id = "AWS-S3-010", title = "Versioned bucket does not ask for MFA on delete",
  severity = "low", category = "least-privilege",
  aliases = { "AVD-AWS-0170" },
  frameworks = { "CIS-AWS-3.0:2.1.2", "NIST-800-53r5:IA-2", "PCI-DSS-4.0:8.3.1", "SOC2:CC6.1",
    "ISO27001-2022:A.8.5" },
  for_each = "aws.s3.bucket",
  where = tags.keeps_records,
  description = [[With MFA delete, versions of audit or backup data cannot be removed by someone who merely has the credentials.]],
  remediation = [[Set `mfa_delete = "Enabled"` in `versioning_configuration` (as the root user, with `mfa`).]],
  references = { "https://docs.aws.amazon.com/AmazonS3/latest/userguide/MultiFactorAuthenticationDelete.html" },
  check = function(b)
    if b.versioning.enabled and not b.versioning.mfa_delete then
      return fail("versions in bucket " .. b.name .. " can be deleted without a second factor", { at = "versioning.enabled" })
    end
  end,
  tests = {
    fail = { live [[
[{"type": "aws:s3:bucket", "name": "fire", "body": {"Name": "acme-backup", "Versioning": {"Status": "Enabled"}}}]
]], [[
resource "aws_s3_bucket" "fire" {
  bucket = "acme-audit-logs"
}
resource "aws_s3_bucket_versioning" "x" {
  bucket = aws_s3_bucket.fire.id
  versioning_configuration { status = "Enabled" }
}]] },
    pass = { live [[
[{"type": "aws:s3:bucket", "name": "dont_fire",
  "body": {"Name": "acme-backup", "Versioning": {"Status": "Enabled", "MFADelete": "Enabled"}}}]
]], [[
resource "aws_s3_bucket" "dont_fire" {
  bucket = "acme-audit-logs"
}
resource "aws_s3_bucket_versioning" "x" {
  bucket = aws_s3_bucket.dont_fire.id
  versioning_configuration {
    status     = "Enabled"
    mfa_delete = "Enabled"
  }
}]] },
    unknown = { [[
variable "mfa" {}
resource "aws_s3_bucket" "a" {
  bucket = "acme-audit-logs"
}
resource "aws_s3_bucket_versioning" "x" {
  bucket = aws_s3_bucket.a.id
  versioning_configuration {
    status     = "Enabled"
    mfa_delete = var.mfa
  }
}]] },
  },
}
