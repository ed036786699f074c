local s3 = lib "s3"
local iam = lib "iam"

return rule {
  id = "AWS-S3-008", title = "Bucket policy locks out every principal but root",
  severity = "high", category = "hygiene",
  aliases = { "CKV_AWS_93" },
  frameworks = { "NIST-800-53r5:CM-6", "PCI-DSS-4.0:2.2.1", "SOC2:CC8.1", "ISO27001-2022:A.8.9" },
  for_each = { "aws.s3.bucket_policy", "aws.s3.bucket" },
  where = s3.has_policy,
  description = [[A Deny for everyone on the actions that change the policy leaves the account's root user as the only one who can
undo it.]],
  remediation = [[Add a condition to the Deny, or exempt the administrators with `NotPrincipal` or `aws:PrincipalArn`.]],
  references = { "https://repost.aws/knowledge-center/s3-accidentally-denied-access" },
  check = function(e)
    return each(s3.policy(e), function(s)
      if s.effect ~= "Deny" or #s.conditions > 0 or #s.not_actions > 0 or s.not_principals ~= nil then return end
      if not iam.wildcard_principal(e, s) then return end
      for _, action in ipairs(s.actions) do
        if one_of(action, "*", "s3:*", "s3:Put*", "s3:*BucketPolicy", "s3:PutBucketPolicy") then
          return fail("the bucket policy denies " .. action .. " to everyone without exception", { at = s.at })
        end
      end
    end)
  end,
  tests = {
    fail = { live [[
[{"type": "aws:s3:bucket", "name": "fire", "body": {"Name": "b",
  "Policy": "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"s3:*\",\"Resource\":[\"arn:aws:s3:::b\",\"arn:aws:s3:::b/*\"]}]}"}}]
]], [[
resource "aws_s3_bucket_policy" "fire" {
  bucket = "b"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Deny", Principal = { AWS = "*" }, Action = "s3:*", Resource = "arn:aws:s3:::b" }]
  })
}]] },
    pass = { live [[
[{"type": "aws:s3:bucket", "name": "dont_fire", "body": {"Name": "b",
  "Policy": "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Deny\",\"Principal\":\"*\",\"Action\":\"s3:*\",\"Resource\":\"*\",\"Condition\":{\"Bool\":{\"aws:SecureTransport\":\"false\"}}}]}"}}]
]], [[
resource "aws_s3_bucket_policy" "dont_fire" {
  bucket = "b"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Deny", Principal = "*", Action = "s3:*", Resource = "arn:aws:s3:::b",
      Condition = { Bool = { "aws:SecureTransport" = "false" } } }]
  })
}]] },
    unknown = { live [[
[{"type": "aws:s3:bucket", "name": "a", "body": {"Name": "b"}, "unknown": {"Policy": "AccessDenied"}}]
]], [[
variable "policy" {}
resource "aws_s3_bucket_policy" "a" {
  bucket = "b"
  policy = var.policy
}]] },
  },
}
