local s3 = lib "s3"

return rule {
  id = "AWS-S3-018", title = "Bucket sends no event notifications",
  severity = "info", category = "logging",
  aliases = { "CKV2_AWS_62" },
  frameworks = { "NIST-800-53r5:AU-2", "PCI-DSS-4.0:10.2.1", "SOC2:CC7.2", "ISO27001-2022:A.8.15" },
  for_each = "aws.s3.bucket",
  description = [[Events let other systems react when objects of a bucket change: scan them, index them, notice what should not
happen.]],
  remediation = [[Add an `aws_s3_bucket_notification`, with `eventbridge = true` for instance.]],
  references = { "https://docs.aws.amazon.com/AmazonS3/latest/userguide/EventNotifications.html" },
  check = function(b)
    if #b:satellites("notification") > 0 or s3.live_part(b, "Notification") then return end
    return fail("bucket " .. b.name .. " sends no event notifications")
  end,
  tests = {
    fail = { live [[
[{"type": "aws:s3:bucket", "name": "fire", "body": {"Name": "b"}}]
]], [[resource "aws_s3_bucket" "fire" {}]] },
    pass = { live [[
[{"type": "aws:s3:bucket", "name": "dont_fire", "body": {"Name": "b", "Notification": {"EventBridgeConfiguration": {}}}}]
]], [[
resource "aws_s3_bucket" "dont_fire" {}
resource "aws_s3_bucket_notification" "x" {
  bucket      = aws_s3_bucket.dont_fire.id
  eventbridge = true
}]] },
    unknown = { [[
variable "bucket" {}
resource "aws_s3_bucket" "a" {}
resource "aws_s3_bucket_notification" "x" {
  bucket      = var.bucket
  eventbridge = true
}]] },
  },
}
