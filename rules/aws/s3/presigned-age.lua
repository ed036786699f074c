local s3 = lib "s3"
local tags = lib "tags"

return rule {
  id = "AWS-S3-017", title = "Presigned URLs of a sensitive bucket may live for days",
  severity = "low", category = "least-privilege",
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = "aws.s3.bucket",
  where = tags.sensitive,
  description = [[A presigned URL is a password in a link and may be valid for seven days. A Deny on `s3:signatureAge` above a limit
makes old ones void.]],
  remediation = [[Add a Deny with `NumericGreaterThan` `s3:signatureAge` (milliseconds, 600000 for ten minutes) to the policy.]],
  references = { "https://docs.aws.amazon.com/AmazonS3/latest/API/bucket-policy-s3-sigv4-conditions.html" },
  check = function(b)
    local holders = b:satellites("policy")
    holders[#holders + 1] = b
    for _, holder in ipairs(holders) do
      for _, s in ipairs(s3.policy(holder)) do
        for _, c in ipairs(s.conditions) do
          if s.effect == "Deny" and c.key == "s3:signatureage" and starts(c.operator, "NumericGreaterThan") then return end
        end
      end
    end
    return fail("presigned URLs of the " .. tags.class(b) .. " bucket " .. b.name .. " may live for days")
  end,
  tests = {
    fail = { live [[
[{"type": "aws:s3:bucket", "name": "fire", "body": {"Name": "b", "TagSet": [{"Key": "DataClassification", "Value": "confidential"}]}}]
]], [[resource "aws_s3_bucket" "fire" { tags = { DataClassification = "confidential" } }]] },
    pass = { live [[
[{"type": "aws:s3:bucket", "name": "dont_fire", "body": {"Name": "b", "TagSet": [{"Key": "DataClassification", "Value": "confidential"}],
  "Policy": "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"s3:*\",\"Resource\":\"*\",\"Condition\":{\"NumericGreaterThan\":{\"s3:signatureAge\":\"600000\"}}}]}"}}]
]], [[
resource "aws_s3_bucket" "dont_fire" { tags = { DataClassification = "confidential" } }
resource "aws_s3_bucket_policy" "p" {
  bucket = aws_s3_bucket.dont_fire.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Deny", Principal = "*", Action = "s3:*", Resource = "*",
      Condition = { NumericGreaterThan = { "s3:signatureAge" = "600000" } } }]
  })
}]] },
    unknown = { live [[
[{"type": "aws:s3:bucket", "name": "a", "body": {"Name": "b", "TagSet": [{"Key": "DataClassification", "Value": "confidential"}]}, "unknown": {"Policy": "AccessDenied"}}]
]], [[
variable "policy" {}
resource "aws_s3_bucket" "a" { tags = { DataClassification = "confidential" } }
resource "aws_s3_bucket_policy" "p" {
  bucket = aws_s3_bucket.a.id
  policy = var.policy
}]] },
  },
}
