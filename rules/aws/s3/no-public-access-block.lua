local s3 = lib "s3"

return rule {
  id = "AWS-S3-003", title = "Bucket has no public access block",
  severity = "high", category = "network",
  aliases = { "CKV2_AWS_6", "AVD-AWS-0094" },
  frameworks = { "CIS-AWS-3.0:2.1.4", "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6",
    "ISO27001-2022:A.8.20" },
  for_each = "aws.s3.bucket",
  classes = { public = "none", regulated = "critical" },
  description = [[A public access block makes ACLs and policies that open the bucket to the world void, now and later.]],
  remediation = [[Add an `aws_s3_bucket_public_access_block` with its four settings on true.]],
  references = { "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html" },
  -- S3 itself blocks new buckets since April 2023, yet nothing in code keeps it so. As CKV2_AWS_6, a block whose ACL or
  -- policy setting is off counts as none. The settings of bucket and account add up: one that sets it is enough.
  check = function(b)
    local blocks = s3.blocks(b)
    if #blocks == 0 then return fail("bucket " .. b.name .. " has no public access block") end
    for _, name in ipairs { "block_public_acls", "block_public_policy" } do
      local set, doubt = false, nil
      for _, block in ipairs(blocks) do
        if block.kind == "aws.s3.bucket" or known(block[name]) then
          set = set or s3.setting(block, name)
        else
          doubt = block
        end
      end
      if not set and doubt ~= nil then set = doubt[name] end -- which is not known, and ends the check
      if not set then
        return fail("the public access block of bucket " .. b.name .. " does not set " .. name, { at = blocks[1] })
      end
    end
  end,
  fix = {
    set("@public_access_block.block_public_acls", true),
    set("@public_access_block.ignore_public_acls", true),
    set("@public_access_block.block_public_policy", true),
    set("@public_access_block.restrict_public_buckets", true),
  },
  tests = {
    fail = { live [[
[{"type": "aws:s3:bucket", "name": "fire", "account": "123456789012", "body": {"Name": "b"}}]
]], live [[
[{"type": "aws:s3:bucket", "name": "fire", "account": "123456789012",
  "body": {"Name": "b", "PublicAccessBlock": {"PublicAccessBlockConfiguration": {"BlockPublicAcls": true, "IgnorePublicAcls": true,
    "BlockPublicPolicy": false, "RestrictPublicBuckets": false}}}}]
]], [[resource "aws_s3_bucket" "fire" {}]] },
    pass = { live [[
[{"type": "aws:s3:bucket", "name": "dont_fire", "account": "123456789012",
  "body": {"Name": "b", "PublicAccessBlock": {"PublicAccessBlockConfiguration": {"BlockPublicAcls": true, "IgnorePublicAcls": true,
    "BlockPublicPolicy": true, "RestrictPublicBuckets": true}}}}]
]], live [[
[{"type": "aws:s3:bucket", "name": "dont_fire", "account": "123456789012", "body": {"Name": "b"}},
 {"type": "aws:s3control:public-access-block", "name": "123456789012", "account": "123456789012",
  "body": {"PublicAccessBlockConfiguration": {"BlockPublicAcls": true, "IgnorePublicAcls": true, "BlockPublicPolicy": true,
    "RestrictPublicBuckets": true}}}]
]], [[
resource "aws_s3_bucket" "dont_fire" {}
resource "aws_s3_bucket_public_access_block" "x" {
  bucket                  = aws_s3_bucket.dont_fire.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}]], [[
resource "aws_s3_bucket" "dont_fire" {}
resource "aws_s3_account_public_access_block" "x" {
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}]], [[
resource "aws_s3_bucket" "dont_fire" {}
resource "aws_s3_bucket_public_access_block" "x" {
  bucket                  = aws_s3_bucket.dont_fire.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}
resource "aws_s3_account_public_access_block" "x" {
  block_public_acls   = false
  block_public_policy = false
}]] },
    unknown = { live [[
[{"type": "aws:s3:bucket", "name": "a", "account": "123456789012", "body": {"Name": "b"}, "unknown": {"PublicAccessBlock": "AccessDenied"}}]
]], [[
variable "bucket" {}
resource "aws_s3_bucket" "a" {}
resource "aws_s3_bucket_public_access_block" "x" {
  bucket              = var.bucket
  block_public_acls   = true
  block_public_policy = true
}]] },
  },
}
