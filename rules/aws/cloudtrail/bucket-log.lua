return rule {
  id = "AWS-TRAIL-006", title = "Trail bucket keeps no access log",
  severity = "low", category = "logging",
  aliases = { "AVD-AWS-0163" },
  frameworks = { "CIS-AWS-3.0:3.4", "NIST-800-53r5:AU-2", "PCI-DSS-4.0:10.2.1", "SOC2:CC7.2", "ISO27001-2022:A.8.15" },
  for_each = "aws.cloudtrail.trail",
  where = function(e) return e.origin ~= "live" end,
  description = [[Who reads or deletes the records of an account must leave a trace too.]],
  remediation = [[Add an `aws_s3_bucket_logging` to the bucket of the trail.]],
  references = { "https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html" },
  check = function(e)
    local seen = false
    for _, bucket in ipairs(e:targets(e.raw.s3_bucket_name)) do
      if bucket.kind == "aws.s3.bucket" then
        seen = true
        if #bucket:satellites("logging") == 0 and #list(bucket.raw.logging) == 0 then
          return fail("bucket " .. bucket.name .. " of trail " .. e.name .. " keeps no access log",
            { at = "bucket", evidence = { { bucket, "the bucket" } } })
        end
      end
    end
    if not seen then unknown("the bucket of the trail is not in the scan") end
  end,
  tests = {
    fail = { [[
resource "aws_s3_bucket" "b" { bucket = "trail" }
resource "aws_cloudtrail" "fire" { s3_bucket_name = aws_s3_bucket.b.id }]] },
    pass = { [[
resource "aws_s3_bucket" "b" { bucket = "trail" }
resource "aws_s3_bucket_logging" "l" {
  bucket        = aws_s3_bucket.b.id
  target_bucket = "logs"
  target_prefix = "trail/"
}
resource "aws_cloudtrail" "dont_fire" { s3_bucket_name = aws_s3_bucket.b.id }]] },
    unknown = { [[resource "aws_cloudtrail" "a" { s3_bucket_name = "elsewhere" }]] },
  },
}
