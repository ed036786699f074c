local s3 = lib "s3"
local iam = lib "iam"
local tags = lib "tags"

local reading = { "s3:GetObject", "s3:GetObjectVersion", "s3:ListBucket", "s3:GetBucketLocation" }

local function reads_only(s)
  for _, action in ipairs(s.actions) do
    if not one_of(action, table.unpack(reading)) then return false end
  end
  return #s.actions > 0
end

return rule {
  id = "AWS-S3-006", title = "Bucket policy allows any principal",
  severity = "critical", category = "least-privilege",
  aliases = { "CKV_AWS_70" },
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = { "aws.s3.bucket_policy", "aws.s3.bucket" },
  where = s3.has_policy,
  description = [[A statement that allows every principal opens the bucket to the world, unless a condition ties it to an
organisation, account, network or endpoint.]],
  remediation = [[Name the principals, or add a condition such as `aws:PrincipalOrgID` or `aws:SourceVpce`.]],
  references = { "https://docs.aws.amazon.com/AmazonS3/latest/userguide/s3-bucket-user-policy-specifying-principal-intro.html" },
  check = function(e)
    return each(s3.policy(e), function(s)
      if not iam.allows(s) then return end
      local who = iam.wildcard_principal(e, s)
      -- What is classified as public may be read by everyone.
      if who and not iam.narrowed(s) and not (reads_only(s) and tags.public(e, "bucket")) then
        return fail("the bucket policy allows any principal (" .. who .. ") " .. (s.actions[1] or "actions"), { at = s.at })
      end
    end)
  end,
  tests = {
    fail = { live [[
[{"type": "aws:s3:bucket", "name": "fire",
  "body": {"Policy": {"Statement": [{"Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "s3:GetObject",
    "Resource": "arn:aws:s3:::good/*"}]}}}]
]], [[
resource "aws_s3_bucket_policy" "fire" {
  bucket = "b"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = "*", Action = "s3:GetObject", Resource = "arn:aws:s3:::b/*" }]
  })
}]], [[
data "aws_iam_policy_document" "d" {
  statement {
    actions   = ["s3:*"]
    resources = ["arn:aws:s3:::b/*"]
    principals {
      type        = "AWS"
      identifiers = ["*"]
    }
  }
}
resource "aws_s3_bucket_policy" "fire" {
  bucket = "b"
  policy = data.aws_iam_policy_document.d.json
}]] },
    pass = { live [[
[{"type": "aws:s3:bucket", "name": "dont_fire",
  "body": {"Policy": {"Statement": [{"Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": "*",
    "Condition": {"Bool": {"aws:SecureTransport": "false"}}}]}}}]
]], [[
resource "aws_s3_bucket_policy" "dont_fire" {
  bucket = "b"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [
      { Effect = "Allow", Principal = "*", Action = "s3:GetObject", Resource = "arn:aws:s3:::b/*",
        Condition = { StringEquals = { "aws:PrincipalOrgID" = "o-1234567890" } } },
      { Effect = "Deny", Principal = "*", Action = "s3:*", Resource = "arn:aws:s3:::b/*" },
    ]
  })
}]], [[
resource "aws_s3_bucket" "site" {
  tags = { data-class = "public" }
}
resource "aws_s3_bucket_policy" "dont_fire" {
  bucket = aws_s3_bucket.site.id
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = "*", Action = "s3:GetObject", Resource = "arn:aws:s3:::b/*" }]
  })
}]] },
    unknown = { [[
variable "policy" {}
resource "aws_s3_bucket_policy" "a" {
  bucket = "b"
  policy = var.policy
}]] },
  },
}
