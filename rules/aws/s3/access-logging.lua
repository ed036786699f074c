local s3 = lib "s3"

return rule {
  id = "AWS-S3-011", title = "Bucket has no access logging",
  severity = "medium", category = "logging",
  aliases = { "CKV_AWS_18", "AVD-AWS-0089" },
  frameworks = { "NIST-800-53r5:AU-2", "PCI-DSS-4.0:10.2.1", "SOC2:CC7.2", "ISO27001-2022:A.8.15" },
  for_each = "aws.s3.bucket",
  -- What receives logs must not log to itself.
  where = function(b) return not s3.is_log_target(b) end,
  description = [[Access logs say who read or changed which object; without them an incident cannot be traced.]],
  remediation = [[Add an `aws_s3_bucket_logging` with a `target_bucket`.]],
  references = { "https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html" },
  check = function(b)
    local inline = b.raw.logging
    if #b:satellites("logging") > 0 or (inline ~= nil and #inline > 0) or b.logging.bucket ~= nil then return end
    return fail("bucket " .. b.name .. " writes no access logs")
  end,
  tests = {
    fail = { live [[
[{"type": "aws:s3:bucket", "name": "fire", "body": {"Logging": {"LoggingEnabled": {}}}}]
]], [[resource "aws_s3_bucket" "fire" {}]] },
    pass = { live [[
[{"type": "aws:s3:bucket", "name": "dont_fire", "body": {"Logging": {"LoggingEnabled": {"TargetBucket": "logs"}}}}]
]], [[
resource "aws_s3_bucket" "logs" {}
resource "aws_s3_bucket" "dont_fire" {}
resource "aws_s3_bucket_logging" "x" {
  bucket        = aws_s3_bucket.dont_fire.id
  target_bucket = aws_s3_bucket.logs.id
  target_prefix = "s3/"
}]] },
    unknown = { [[
variable "bucket" {}
resource "aws_s3_bucket" "a" {}
resource "aws_s3_bucket_logging" "x" {
  bucket        = var.bucket
  target_bucket = "logs"
  target_prefix = "s3/"
}]] },
  },
}
