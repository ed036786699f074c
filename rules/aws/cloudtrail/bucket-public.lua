local lookup = lib "lookup"
local s3 = lib "s3"

local function buckets_of(e)
  local found = {}
  if e.origin == "live" then
    for _, bucket in ipairs(lookup.by("aws.s3.bucket", "Name", e.bucket)) do
      if bucket.origin == "live" then found[#found + 1] = bucket end
    end
    return found
  end
  for _, bucket in ipairs(e:targets(e.raw.s3_bucket_name)) do
    if bucket.kind == "aws.s3.bucket" then found[#found + 1] = bucket end
  end
  return found
end

return rule {
  id = "AWS-TRAIL-005", title = "Trail bucket is public",
  severity = "critical", category = "network",
  aliases = { "AVD-AWS-0161" },
  frameworks = { "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6", "ISO27001-2022:A.8.20" },
  for_each = "aws.cloudtrail.trail",
  description = [[The records of an account name its users, its resources and what they do: a map for an attacker.]],
  remediation = [[Remove the public ACL or policy of the bucket, and add an `aws_s3_bucket_public_access_block`.]],
  references = { "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/best-practices-security.html" },
  -- AVD-AWS-0161 looks at ACLs only; an ACL that a public access block ignores opens nothing.
  check = function(e)
    local buckets = buckets_of(e)
    if #buckets == 0 then unknown("the bucket of the trail is not in the scan") end
    for _, bucket in ipairs(buckets) do
      local reason = s3.opened_by(bucket)
      if reason then
        return fail("bucket " .. bucket.name .. " of trail " .. e.name .. " is public by " .. reason,
          { at = "bucket", evidence = { { bucket, "the bucket" } } })
      end
    end
  end,
  tests = {
    fail = { [[
resource "aws_s3_bucket" "b" {
  bucket = "trail"
  acl    = "public-read"
}
resource "aws_cloudtrail" "fire" { s3_bucket_name = aws_s3_bucket.b.id }]], [[
resource "aws_s3_bucket" "b" { bucket = "trail" }
resource "aws_s3_bucket_policy" "p" {
  bucket = aws_s3_bucket.b.id
  policy = jsonencode({ Statement = [{ Effect = "Allow", Principal = "*", Action = "s3:GetObject", Resource = "*" }] })
}
resource "aws_cloudtrail" "fire" { s3_bucket_name = aws_s3_bucket.b.id }]], live [[
[{"type": "aws:cloudtrail:trail", "name": "fire", "body": {"Name": "t", "S3BucketName": "trail"}},
 {"type": "aws:s3:bucket", "name": "trail", "body": {"Name": "trail",
  "Policy": "{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"s3:GetObject\",\"Resource\":\"*\"}]}"}}]
]] },
    pass = { [[
resource "aws_s3_bucket" "b" { bucket = "trail" }
resource "aws_cloudtrail" "dont_fire" { s3_bucket_name = aws_s3_bucket.b.id }]], [[
resource "aws_s3_bucket" "b" {
  bucket = "trail"
  acl    = "public-read"
}
resource "aws_s3_bucket_public_access_block" "p" {
  bucket             = aws_s3_bucket.b.id
  ignore_public_acls = true
}
resource "aws_cloudtrail" "dont_fire" { s3_bucket_name = aws_s3_bucket.b.id }]], live [[
[{"type": "aws:cloudtrail:trail", "name": "dont_fire", "body": {"Name": "t", "S3BucketName": "trail"}},
 {"type": "aws:s3:bucket", "name": "trail", "body": {"Name": "trail"}}]
]] },
    unknown = { [[resource "aws_cloudtrail" "a" { s3_bucket_name = "elsewhere" }]] },
  },
}
