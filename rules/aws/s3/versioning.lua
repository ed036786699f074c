return rule {
  id = "AWS-S3-009", title = "Bucket is not versioned",
  severity = "medium", category = "resilience",
  aliases = { "CKV_AWS_21", "AVD-AWS-0090" },
  frameworks = { "NIST-800-53r5:CP-9", "SOC2:A1.2", "ISO27001-2022:A.8.13" },
  for_each = "aws.s3.bucket",
  description = [[Without versions, an object that is overwritten or deleted, by mistake or by an intruder, is gone.]],
  remediation = [[Add an `aws_s3_bucket_versioning` with `status = "Enabled"`.]],
  references = { "https://docs.aws.amazon.com/AmazonS3/latest/userguide/Versioning.html" },
  check = function(b)
    if not b.versioning.enabled then return fail("bucket " .. b.name .. " keeps no old versions of its objects") end
  end,
  fix = set("versioning.enabled", true),
  tests = {
    fail = { live [[
[{"type": "aws:s3:bucket", "name": "fire", "body": {"Versioning": {"Status": "Suspended"}}}]
]], [[resource "aws_s3_bucket" "fire" {}]], [[
resource "aws_s3_bucket" "fire" {}
resource "aws_s3_bucket_versioning" "x" {
  bucket = aws_s3_bucket.fire.id
  versioning_configuration { status = "Suspended" }
}]] },
    pass = { live [[
[{"type": "aws:s3:bucket", "name": "dont_fire", "body": {"Versioning": {"Status": "Enabled"}}}]
]], [[
resource "aws_s3_bucket" "dont_fire" {}
resource "aws_s3_bucket_versioning" "x" {
  bucket = aws_s3_bucket.dont_fire.id
  versioning_configuration { status = "Enabled" }
}]], [[
resource "aws_s3_bucket" "dont_fire" {
  versioning { enabled = true }
}]] },
    unknown = { [[
variable "status" {}
resource "aws_s3_bucket" "a" {}
resource "aws_s3_bucket_versioning" "x" {
  bucket = aws_s3_bucket.a.id
  versioning_configuration { status = var.status }
}]] },
  },
}
