local tags = lib "tags"

return rule {
  id = "AWS-S3-013", title = "Bucket with critical data is not replicated to another region",
  severity = "medium", category = "resilience",
  aliases = { "CKV_AWS_144" },
  frameworks = { "NIST-800-53r5:CP-9", "SOC2:A1.2", "ISO27001-2022:A.8.13" },
  for_each = "aws.s3.bucket",
  -- What others are replicated to is the copy.
  where = function(b) return #b:edges_to("replicates_to") == 0 end,
  description = [[A copy in another region survives the loss of the first. Buckets that are not marked as critical, confidential or
as backups are reported as information only.]],
  remediation = [[Add an `aws_s3_bucket_replication_configuration` with an enabled rule to a bucket in another region.]],
  references = { "https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication.html" },
  check = function(b)
    local severity = not tags.keeps_records(b) and "info" or nil
    local rules = {}
    for _, rule in ipairs(list(b.raw.replication_configuration.rules)) do rules[#rules + 1] = { b, rule } end
    for _, satellite in ipairs(b:satellites("replication")) do
      for _, rule in ipairs(list(satellite.raw.rule)) do rules[#rules + 1] = { satellite, rule } end
    end
    -- The answer names the destination, not its region.
    for _, rule in ipairs(b.origin == "live" and list(b.raw.Replication.ReplicationConfiguration.Rules) or {}) do
      if rule.Status == "Enabled" then return end
    end
    local same
    for _, item in ipairs(rules) do
      if item[2].status == "Enabled" then
        local targets = item[1]:targets(item[2].destination.bucket)
        if #targets == 0 then return end
        for _, target in ipairs(targets) do
          if target.region ~= b.region or target.provider ~= b.provider or b.region == "" then return end
          same = target
        end
      end
    end
    if same then
      return fail("bucket " .. b.name .. " is replicated within the region " .. b.region .. " only",
        { at = b, severity = severity, evidence = { { same, "the destination" } } })
    end
    return fail("bucket " .. b.name .. " is not replicated to another region", { at = b, severity = severity })
  end,
  tests = {
    fail = { live [[
[{"type": "aws:s3:bucket", "name": "fire", "body": {"Replication": {"ReplicationConfiguration": {"Rules": []}}}}]
]], [[resource "aws_s3_bucket" "fire" {}]] },
    pass = { live [[
[{"type": "aws:s3:bucket", "name": "dont_fire",
  "body": {"Replication": {"ReplicationConfiguration": {"Rules": [{"Status": "Enabled",
    "Destination": {"Bucket": "arn:aws:s3:::copy"}}]}}}}]
]], [[
provider "aws" { region = "eu-west-1" }
provider "aws" {
  alias  = "dr"
  region = "eu-central-1"
}
resource "aws_s3_bucket" "copy" {
  provider = aws.dr
}
resource "aws_s3_bucket" "dont_fire" {}
resource "aws_s3_bucket_replication_configuration" "x" {
  bucket = aws_s3_bucket.dont_fire.id
  role   = "r"
  rule {
    status = "Enabled"
    destination { bucket = aws_s3_bucket.copy.arn }
  }
}]] },
    unknown = { [[
variable "status" {}
resource "aws_s3_bucket" "a" {}
resource "aws_s3_bucket_replication_configuration" "x" {
  bucket = aws_s3_bucket.a.id
  role   = "r"
  rule {
    status = var.status
    destination { bucket = "arn:aws:s3:::other" }
  }
}]] },
  },
}
