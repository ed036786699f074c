local s3 = lib "s3"

-- Trails and flow logs can be encrypted with a key of one's own, access logs cannot.
local keyed = { ["aws.cloudtrail.trail"] = true, ["aws.vpc.flow_log"] = true }

local function takes_access_logs(bucket)
  for _, writer in ipairs(bucket:edges_to("logs_to")) do
    if keyed[writer.kind] then return false end
  end
  return s3.is_log_target(bucket)
end

return rule {
  id = "AWS-S3-002", title = "Bucket or object encryption does not use a customer managed key",
  severity = "medium", category = "encryption",
  aliases = { CKV_AWS_145 = "algorithm", "AVD-AWS-0132", CKV_AWS_186 = "object", CKV_AWS_181 = "copy" },
  frameworks = { "NIST-800-53r5:SC-28", "PCI-DSS-4.0:3.5.1", "SOC2:CC6.1", "ISO27001-2022:A.8.24" },
  for_each = { "aws.s3.bucket", "aws.s3.object" },
  classes = { public = "none", internal = "low", regulated = "high" },
  description = [[With a key of one's own, access to the data also needs a right on the key, every use is logged, and the key can be
withdrawn.]],
  remediation = [[Set `sse_algorithm = "aws:kms"` and `kms_master_key_id`; on objects `kms_key_id`.]],
  references = { "https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html" },
  -- aws:kms:dsse counts as KMS, which CKV_AWS_145 overlooks. An object without a key takes its bucket's default.
  check = function(e)
    if e.kind == "aws.s3.object" then
      if e.key ~= nil and e.key ~= "" then return end
      local copy = e.type == "aws_s3_object_copy"
      for _, bucket in ipairs(e:targets(e.raw.bucket)) do
        if bucket.kind == "aws.s3.bucket" and bucket.encryption.key ~= nil then return end
      end
      return fail("object " .. e.name .. " is " .. (copy and "copied" or "uploaded") .. " without a customer managed key",
        { case = copy and "copy" or "object", at = "key" })
    end
    local algorithm = e.encryption.algorithm
    if algorithm == nil then
      return fail("bucket " .. e.name .. " configures no encryption, so no customer managed key protects it", { case = "algorithm" })
    end
    -- S3 and load balancers deliver access logs to buckets with SSE-S3 only.
    if not starts(algorithm, "aws:kms") and takes_access_logs(e) then return end
    if not starts(algorithm, "aws:kms") then
      return fail("bucket " .. e.name .. " is encrypted by " .. algorithm .. ", with keys of S3",
        { case = "algorithm", at = "encryption.algorithm" })
    end
    if known(e.encryption.key) and e.encryption.key == nil then
      return fail("bucket " .. e.name .. " is encrypted with the account's key aws/s3, not with one of its own",
        { case = "key", at = "encryption.algorithm" })
    end
  end,
  tests = {
    fail = { live [[
[{"type": "aws:s3:bucket", "name": "fire", "body": {"Encryption": {"ServerSideEncryptionConfiguration": {"Rules": []}}}}]
]], [[resource "aws_s3_bucket" "fire" {}]], [[
resource "aws_s3_bucket" "fire" {}
resource "aws_s3_bucket_server_side_encryption_configuration" "x" {
  bucket = aws_s3_bucket.fire.id
  rule {
    apply_server_side_encryption_by_default { sse_algorithm = "AES256" }
  }
}]], [[
resource "aws_s3_object" "fire" {
  bucket = "b"
  key    = "k"
}]] },
    pass = { live [[
[{"type": "aws:s3:bucket", "name": "dont_fire",
  "body": {"Encryption": {"ServerSideEncryptionConfiguration": {"Rules": [
    {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "arn:k"}}]}}}}]
]], [[
resource "aws_kms_key" "k" {}
resource "aws_s3_bucket" "dont_fire" {}
resource "aws_s3_bucket_server_side_encryption_configuration" "x" {
  bucket = aws_s3_bucket.dont_fire.id
  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.k.arn
    }
  }
}]] },
    unknown = { [[
variable "algorithm" {}
resource "aws_s3_bucket" "a" {}
resource "aws_s3_bucket_server_side_encryption_configuration" "x" {
  bucket = aws_s3_bucket.a.id
  rule {
    apply_server_side_encryption_by_default { sse_algorithm = var.algorithm }
  }
}]] },
  },
}
