local s3 = lib "s3"

-- Whether a rule's filter leaves objects out.
local function partial(rule)
  local filter = rule.filter
  if filter == nil then return rule.prefix ~= nil and rule.prefix ~= "" end
  if filter["and"] ~= nil then filter = filter["and"] end
  for _, field in ipairs { "prefix", "object_size_greater_than", "object_size_less_than", "tag", "tags" } do
    local value = filter[field]
    if value ~= nil and value ~= "" and value ~= 0 then return true end
  end
  return false
end

return rule {
  id = "AWS-S3-014", title = "Bucket has no complete lifecycle configuration",
  severity = "low", category = "cost",
  aliases = { CKV2_AWS_61 = "missing", CKV_AWS_300 = "multipart" },
  for_each = { "aws.s3.bucket", "aws.s3.lifecycle_configuration" },
  description = [[Objects that nobody deletes are paid for ever, and so are the parts of uploads that broke off, which no listing
shows.]],
  remediation = [[Add an `aws_s3_bucket_lifecycle_configuration` with an enabled rule for the whole bucket that sets
`abort_incomplete_multipart_upload`.]],
  references = { "https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lifecycle-mgmt.html" },
  check = function(e)
    if e.kind == "aws.s3.bucket" then
      local inline = e.raw.lifecycle_rule
      if #e:satellites("lifecycle") > 0 or (inline ~= nil and #inline > 0) or s3.live_part(e, "Lifecycle") then return end
      return fail("bucket " .. e.name .. " has no lifecycle configuration", { case = "missing" })
    end
    for _, rule in ipairs(list(e.raw.rule)) do
      local abort = rule.abort_incomplete_multipart_upload
      if abort ~= nil and rule.status == "Enabled" and not partial(rule) then return end
    end
    return fail("no enabled rule for the whole bucket aborts unfinished uploads", { case = "multipart" })
  end,
  tests = {
    fail = { live [[
[{"type": "aws:s3:bucket", "name": "fire", "body": {"Name": "b"}}]
]], [[resource "aws_s3_bucket" "fire" {}]], [[
resource "aws_s3_bucket_lifecycle_configuration" "fire" {
  bucket = "b"
  rule {
    id     = "expire"
    status = "Enabled"
    expiration { days = 90 }
  }
}]] },
    pass = { live [[
[{"type": "aws:s3:bucket", "name": "dont_fire",
  "body": {"Name": "b", "Lifecycle": {"Rules": [{"ID": "x", "Status": "Enabled", "Expiration": {"Days": 30},
    "AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 7}}]}}}]
]], [[
resource "aws_s3_bucket" "dont_fire" {}
resource "aws_s3_bucket_lifecycle_configuration" "dont_fire" {
  bucket = aws_s3_bucket.dont_fire.id
  rule {
    id     = "abort"
    status = "Enabled"
    filter {}
    abort_incomplete_multipart_upload { days_after_initiation = 7 }
  }
}]] },
    unknown = { [[
variable "status" {}
resource "aws_s3_bucket_lifecycle_configuration" "a" {
  bucket = "b"
  rule {
    id     = "abort"
    status = var.status
    abort_incomplete_multipart_upload { days_after_initiation = 7 }
  }
}]] },
  },
}
