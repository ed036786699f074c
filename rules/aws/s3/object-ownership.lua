return rule {
  id = "AWS-S3-015", title = "Bucket ownership still honours object ACLs",
  severity = "medium", category = "least-privilege",
  version = 2, changes = { "judged on live answers too" },
  aliases = { "CKV2_AWS_65" },
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = { "aws.s3.ownership_controls", "aws.s3.bucket" },
  where = function(e) return e.kind == "aws.s3.ownership_controls" or e.origin == "live" end,
  description = [[With BucketOwnerEnforced ACLs have no effect: access is decided by policies alone, and no uploader keeps objects to
itself. It is the default of new buckets since April 2023.]],
  remediation = [[Set `object_ownership = "BucketOwnerEnforced"`.]],
  references = { "https://docs.aws.amazon.com/AmazonS3/latest/userguide/about-object-ownership.html" },
  check = function(e)
    if e.ownership ~= "BucketOwnerEnforced" then
      return fail("object ownership of " .. e.name .. " is " .. (e.ownership or "not set") .. ", so ACLs still decide", { at = "ownership" })
    end
  end,
  fix = set("ownership", "BucketOwnerEnforced"),
  tests = {
    fail = { live [[
[{"type": "aws:s3:bucket", "name": "fire", "body": {"OwnershipControls": {"OwnershipControls": {"Rules": [{"ObjectOwnership": "ObjectWriter"}]}}}}]
]], live [[
[{"type": "aws:s3:bucket", "name": "fire", "body": {"CreationDate": "2021-05-01T00:00:00Z"}}]
]], [[
resource "aws_s3_bucket_ownership_controls" "fire" {
  bucket = "b"
  rule { object_ownership = "ObjectWriter" }
}]] },
    pass = { live [[
[{"type": "aws:s3:bucket", "name": "dont_fire",
  "body": {"OwnershipControls": {"OwnershipControls": {"Rules": [{"ObjectOwnership": "BucketOwnerEnforced"}]}}}}]
]], [[
resource "aws_s3_bucket_ownership_controls" "dont_fire" {
  bucket = "b"
  rule { object_ownership = "BucketOwnerEnforced" }
}]] },
    unknown = { live [[
[{"type": "aws:s3:bucket", "name": "unsure", "body": {}, "unknown": {"OwnershipControls": "AccessDenied"}}]
]], [[
variable "o" {}
resource "aws_s3_bucket_ownership_controls" "a" {
  bucket = "b"
  rule { object_ownership = var.o }
}]] },
  },
}
