return rule {
  id = "AWS-S3-015", title = "Bucket ownership still honours object ACLs",
  severity = "medium", category = "least-privilege",
  aliases = { "CKV2_AWS_65" },
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = "aws.s3.ownership_controls",
  description = [[With BucketOwnerEnforced ACLs have no effect: access is decided by policies alone, and no uploader keeps objects to
itself. It is the default of new buckets since April 2023.]],
  remediation = [[Set `object_ownership = "BucketOwnerEnforced"`.]],
  references = { "https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html" },
  check = function(e)
    if e.ownership ~= "BucketOwnerEnforced" then
      return fail("object ownership is " .. (e.ownership or "not set") .. ", so ACLs still decide", { at = "ownership" })
    end
  end,
  fix = set("ownership", "BucketOwnerEnforced"),
  tests = {
    fail = { [[
resource "aws_s3_bucket_ownership_controls" "fire" {
  bucket = "b"
  rule { object_ownership = "ObjectWriter" }
}]] },
    pass = { [[
resource "aws_s3_bucket_ownership_controls" "dont_fire" {
  bucket = "b"
  rule { object_ownership = "BucketOwnerEnforced" }
}]] },
    unknown = { [[
variable "o" {}
resource "aws_s3_bucket_ownership_controls" "a" {
  bucket = "b"
  rule { object_ownership = var.o }
}]] },
  },
}
