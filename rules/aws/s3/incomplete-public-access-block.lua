local cases = {
  { "block_public_acls", "new public ACLs are accepted" }, { "ignore_public_acls", "public ACLs are obeyed" },
  { "block_public_policy", "public policies are accepted" }, { "restrict_public_buckets", "public policies are obeyed" },
}

return rule {
  id = "AWS-S3-004", title = "Public access block is incomplete",
  severity = "high", category = "network",
  aliases = {
    CKV_AWS_53 = "block_public_acls", ["AVD-AWS-0086"] = "block_public_acls", CKV_AWS_54 = "block_public_policy",
    ["AVD-AWS-0087"] = "block_public_policy", CKV_AWS_55 = "ignore_public_acls", ["AVD-AWS-0091"] = "ignore_public_acls",
    CKV_AWS_56 = "restrict_public_buckets", ["AVD-AWS-0093"] = "restrict_public_buckets", CKV_AWS_392 = "access-point",
  },
  frameworks = { "CIS-AWS-3.0:2.1.4", "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6",
    "ISO27001-2022:A.8.20" },
  for_each = { "aws.s3.public_access_block", "aws.s3.account_public_access_block", "aws.s3.access_point" },
  classes = { public = "none", regulated = "critical" },
  description = [[Each of the four settings closes one way to a public bucket; the provider's default for each is false (for
access points true).]],
  remediation = [[Set `block_public_acls`, `ignore_public_acls`, `block_public_policy` and `restrict_public_buckets` to true.]],
  references = { "https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html" },
  check = function(e)
    local point = e.kind == "aws.s3.access_point"
    return each(cases, function(case)
      if e[case[1]] then return end
      return fail(case[1] .. " is off: " .. case[2], { case = point and "access-point" or case[1], at = case[1] })
    end)
  end,
  fix = {
    set("block_public_acls", true, "block_public_acls"),
    set("ignore_public_acls", true, "ignore_public_acls"),
    set("block_public_policy", true, "block_public_policy"),
    set("restrict_public_buckets", true, "restrict_public_buckets"),
  },
  tests = {
    fail = { live [[
[{"type": "aws:s3control:public-access-block", "name": "fire",
  "body": {"PublicAccessBlockConfiguration": {"BlockPublicAcls": false, "IgnorePublicAcls": true, "BlockPublicPolicy": true,
    "RestrictPublicBuckets": true}}}]
]], [[
resource "aws_s3_bucket_public_access_block" "fire" {
  bucket                  = "b"
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = false
}]], [[
resource "aws_s3_bucket_public_access_block" "fire" { bucket = "b" }]] },
    pass = { live [[
[{"type": "aws:s3control:public-access-block", "name": "dont_fire",
  "body": {"PublicAccessBlockConfiguration": {"BlockPublicAcls": true, "IgnorePublicAcls": true, "BlockPublicPolicy": true,
    "RestrictPublicBuckets": true}}}]
]], [[
resource "aws_s3_bucket_public_access_block" "dont_fire" {
  bucket                  = "b"
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}]], [[
resource "aws_s3_access_point" "dont_fire" {
  bucket = "b"
  name   = "p"
}]] },
    unknown = { [[
variable "on" { type = bool }
resource "aws_s3_bucket_public_access_block" "a" {
  bucket                  = "b"
  block_public_acls       = var.on
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}]] },
  },
}
