local tags = lib "tags"
local s3 = lib "s3"

-- Object lock with a retention keeps S3 from delivering access logs.
local function takes_access_logs(bucket)
  for _, writer in ipairs(bucket:edges_to("logs_to")) do
    if writer.kind == "aws.s3.bucket" then return true end
  end
  return false
end

return rule {
  id = "AWS-S3-012", title = "Bucket meant to be immutable has no object lock",
  severity = "medium", category = "resilience",
  aliases = { "CKV_AWS_143" },
  frameworks = { "NIST-800-53r5:CP-9", "SOC2:A1.2", "ISO27001-2022:A.8.13" },
  for_each = "aws.s3.bucket",
  where = function(b)
    if takes_access_logs(b) then return false end
    local inline = b.raw.object_lock_configuration
    return tags.keeps_records(b) or s3.is_audit_target(b) or (inline ~= nil and #inline > 0)
  end,
  description = [[Object lock keeps audit logs and backups from being changed or deleted for a fixed time, by anyone.]],
  remediation = [[Set `object_lock_enabled = true` on the bucket and add an `aws_s3_bucket_object_lock_configuration` with a default
retention.]],
  references = { "https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html" },
  check = function(b)
    if not b.object_lock.enabled then
      return fail("bucket " .. b.name .. " holds records that must not change, but has no object lock")
    end
    if known(b.object_lock.retention) and b.object_lock.retention == nil and b.raw.object_lock_configuration == nil then
      return fail("object lock of bucket " .. b.name .. " has no default retention", { severity = "low" })
    end
  end,
  tests = {
    fail = { live [[
[{"type": "aws:s3:bucket", "name": "fire", "body": {"Name": "acme-backup"}}]
]], [[resource "aws_s3_bucket" "fire" { bucket = "acme-backup" }]] },
    pass = { live [[
[{"type": "aws:s3:bucket", "name": "dont_fire",
  "body": {"Name": "acme-backup", "ObjectLock": {"ObjectLockConfiguration": {"ObjectLockEnabled": "Enabled",
    "Rule": {"DefaultRetention": {"Mode": "COMPLIANCE", "Days": 30}}}}}}]
]], [[
resource "aws_s3_bucket" "dont_fire" {
  bucket              = "acme-backup"
  object_lock_enabled = true
}
resource "aws_s3_bucket_object_lock_configuration" "x" {
  bucket = aws_s3_bucket.dont_fire.id
  rule {
    default_retention {
      mode = "COMPLIANCE"
      days = 30
    }
  }
}]] },
    unknown = { [[
variable "lock" { type = bool }
resource "aws_s3_bucket" "a" {
  bucket              = "acme-backup"
  object_lock_enabled = var.lock
}]] },
  },
}
