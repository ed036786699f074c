return rule {
  id = "AWS-S3-001", title = "Bucket has no default encryption at rest",
  severity = "high", category = "encryption",
  aliases = { CKV_AWS_19 = "algorithm", ["AVD-AWS-0088"] = "missing" },
  frameworks = { "NIST-800-53r5:SC-28", "PCI-DSS-4.0:3.5.1", "SOC2:CC6.1", "ISO27001-2022:A.8.24" },
  for_each = "aws.s3.bucket",
  classes = { public = "low", regulated = "critical" },
  description = [[Encryption at rest keeps the data unreadable for those who get at the storage without the right to decrypt.]],
  remediation = [[Add an `aws_s3_bucket_server_side_encryption_configuration` for the bucket.]],
  references = { "https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-encryption.html" },
  -- Since January 2023 S3 encrypts every new object with keys of its own where nothing is configured, so a bucket
  -- without a configuration is a matter of being explicit: severity low, and a pass for CKV_AWS_19, as there.
  check = function(b)
    local algorithm = b.encryption.algorithm
    if algorithm == nil then
      if #b:satellites("encryption") > 0 or (b.raw.server_side_encryption_configuration ~= nil
          and #b.raw.server_side_encryption_configuration > 0) then
        return fail("the encryption configuration of bucket " .. b.name .. " names no algorithm", { case = "algorithm" })
      end
      return fail("bucket " .. b.name .. " configures no encryption and relies on S3's own (SSE-S3)",
        { case = "missing", severity = "low" })
    end
    if not one_of(algorithm, "AES256", "aws:kms", "aws:kms:dsse") then
      return fail("bucket " .. b.name .. " has the unknown encryption algorithm " .. algorithm,
        { case = "algorithm", at = "encryption.algorithm" })
    end
  end,
  fix = set("@encryption.rule.apply_server_side_encryption_by_default.sse_algorithm", "AES256", "missing"),
  tests = {
    fail = { live [[
[{"type": "aws:s3:bucket", "name": "fire", "body": {"Encryption": {"ServerSideEncryptionConfiguration": {"Rules": []}}}}]
]], [[resource "aws_s3_bucket" "fire" {}]] },
    pass = { live [[
[{"type": "aws:s3:bucket", "name": "dont_fire",
  "body": {"Encryption": {"ServerSideEncryptionConfiguration": {"Rules": [
    {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "arn:k"}}]}}}}]
]], [[
resource "aws_s3_bucket" "dont_fire" {}
resource "aws_s3_bucket_server_side_encryption_configuration" "x" {
  bucket = aws_s3_bucket.dont_fire.id
  rule {
    apply_server_side_encryption_by_default { sse_algorithm = "AES256" }
  }
}]] },
    unknown = { [[
variable "bucket" {}
resource "aws_s3_bucket" "a" { bucket = "logs" }
resource "aws_s3_bucket_server_side_encryption_configuration" "x" {
  bucket = var.bucket
  rule {
    apply_server_side_encryption_by_default { sse_algorithm = "AES256" }
  }
}]] },
  },
}
