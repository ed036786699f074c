return rule {
  id = "AWS-S3-019", title = "Bucket name is not a valid DNS label",
  severity = "low", category = "hygiene",
  aliases = { "AVD-AWS-0320" },
  frameworks = { "NIST-800-53r5:CM-6", "PCI-DSS-4.0:2.2.1", "SOC2:CC8.1", "ISO27001-2022:A.8.9" },
  for_each = "aws.s3.bucket",
  where = function(b) return b.raw.bucket ~= nil or b.raw.Name ~= nil end,
  description = [[The wildcard certificate of S3 covers one label: a bucket with a dot in its name fails the check of host names in
TLS, and upper case or underscores are refused for new buckets.]],
  remediation = [[Use lower-case letters, digits and hyphens only.]],
  references = { "https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html" },
  check = function(b)
    local name = b.raw.bucket or b.raw.Name
    local bad = match(name, "[A-Z_.]")
    if bad then return fail("bucket name " .. name .. " contains \"" .. bad .. "\"", { at = "name" }) end
  end,
  tests = {
    fail = { live [[
[{"type": "aws:s3:bucket", "name": "fire", "body": {"Name": "data.example.com"}}]
]], [[resource "aws_s3_bucket" "fire" { bucket = "data.example.com" }]] },
    pass = { live [[
[{"type": "aws:s3:bucket", "name": "dont_fire", "body": {"Name": "data-example-com"}}]
]], [[resource "aws_s3_bucket" "dont_fire" { bucket = "data-example-com" }]] },
    unknown = { [[
variable "name" {}
resource "aws_s3_bucket" "a" { bucket = var.name }]] },
  },
}
