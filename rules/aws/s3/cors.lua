return rule {
  id = "AWS-S3-016", title = "Bucket CORS rule accepts any origin for writing methods",
  severity = "medium", category = "network",
  frameworks = { "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6", "ISO27001-2022:A.8.20" },
  for_each = { "aws.s3.cors_configuration", "aws.s3.bucket" },
  description = [[With any origin allowed to write, every web page that a user with access visits can change objects in the user's
name.]],
  remediation = [[Name the origins in `allowed_origins`, or leave PUT, POST and DELETE out.]],
  references = { "https://docs.aws.amazon.com/AmazonS3/latest/userguide/cors.html" },
  check = function(e)
    local live = e.origin == "live"
    local rules = e.raw.cors_rule
    if live then rules = e.raw.Cors and e.raw.Cors.CORSRules end
    return each(list(rules), function(rule)
      if not has(list(live and rule.AllowedOrigins or rule.allowed_origins), "*") then return end
      for _, method in ipairs(list(live and rule.AllowedMethods or rule.allowed_methods)) do
        if one_of(method, "PUT", "POST", "DELETE") then
          return fail("a CORS rule lets every origin " .. method, { at = rule })
        end
      end
    end)
  end,
  tests = {
    fail = { live [[
[{"type": "aws:s3:bucket", "name": "fire", "body": {"Name": "b",
  "Cors": {"CORSRules": [{"AllowedMethods": ["GET", "PUT"], "AllowedOrigins": ["*"]}]}}}]
]], [[
resource "aws_s3_bucket_cors_configuration" "fire" {
  bucket = "b"
  cors_rule {
    allowed_methods = ["GET", "PUT"]
    allowed_origins = ["*"]
  }
}]] },
    pass = { live [[
[{"type": "aws:s3:bucket", "name": "dont_fire", "body": {"Name": "b",
  "Cors": {"CORSRules": [{"AllowedMethods": ["GET"], "AllowedOrigins": ["*"]}]}}}]
]], live [[
[{"type": "aws:s3:bucket", "name": "dont_fire", "body": {"Name": "b"}}]
]], [[
resource "aws_s3_bucket_cors_configuration" "dont_fire" {
  bucket = "b"
  cors_rule {
    allowed_methods = ["GET"]
    allowed_origins = ["*"]
  }
  cors_rule {
    allowed_methods = ["PUT"]
    allowed_origins = ["https://example.com"]
  }
}]] },
    unknown = { live [[
[{"type": "aws:s3:bucket", "name": "a", "body": {"Name": "b"}, "unknown": {"Cors": "AccessDenied"}}]
]], [[
variable "o" {}
resource "aws_s3_bucket_cors_configuration" "a" {
  bucket = "b"
  cors_rule {
    allowed_methods = ["PUT"]
    allowed_origins = [var.o]
  }
}]] },
  },
}
