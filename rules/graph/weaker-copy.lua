-- luacheck: no max line length
local tags, copies = lib "tags", lib "copies"

local ranks = { public = 1, internal = 2, confidential = 3, regulated = 4 }

-- What protects the copy less than the original; nil: nothing.
local function weaker(e, copy)
  local class, own = tags.class(copy.store), tags.class(e)
  if class ~= nil and ranks[class] < ranks[own] then return "is classified " .. class .. " only", copy.store end
  if one_of(copy.store.kind, "aws.rds.instance", "aws.rds.cluster") and copy.store.raw.snapshot_identifier == nil
    and not copy.store.encryption.enabled then
    return "is not encrypted", copy.store
  end
  if e.kind == "aws.s3.bucket" and copy.store.kind == "aws.s3.bucket" and e.encryption.algorithm ~= nil
    and match(e.encryption.algorithm, "^aws:kms") and not match(copy.store.encryption.algorithm or "AES256", "^aws:kms") then
    return "has no key of KMS as the original has", copy.store
  end
end

-- Subscriptions that hand messages on in the clear, or to people.
local function subscriptions(topic)
  local found = {}
  for _, one in ipairs(graph.of_type("aws_sns_topic_subscription")) do
    for _, target in ipairs(one:targets(one.raw.topic_arn)) do
      if target == topic and one_of(one.raw.protocol, "http", "email", "email-json", "sms") then
        found[#found + 1] = fail(tags.class(topic) .. " messages of " .. topic.name .. " leave by " .. one.raw.protocol
          .. " unencrypted (" .. one.address .. "); deliver them by https, SQS or Lambda", { evidence = { { one, "delivers by " .. one.raw.protocol } } })
      end
    end
  end
  return found
end

local function snapshots(e)
  local found = {}
  for _, copy in ipairs(graph.all("aws.ec2.snapshot_copy")) do
    for _, snapshot in ipairs(copy:targets(copy.raw.source_snapshot_id)) do
      for _, volume in ipairs(snapshot:targets(snapshot.raw.volume_id)) do
        if volume == e and not copy.raw.encrypted and not e.encrypted then
          found[#found + 1] = fail("the copy " .. copy.address .. " of " .. tags.class(e) .. " volume " .. e.name
            .. " is not encrypted; set `encrypted` and `kms_key_id`", { evidence = { { copy, "a copy of its snapshot" } } })
        end
      end
    end
  end
  return found
end

return rule {
  id = "GRAPH-015", title = "Classified data flows into an unencrypted or less protected copy", severity = "high", category = "encryption",
  frameworks = { "NIST-800-53r5:SC-28", "PCI-DSS-4.0:3.5.1", "SOC2:CC6.1", "ISO27001-2022:A.8.24" },
  for_each = { "aws.s3.bucket", "aws.rds.instance", "aws.rds.cluster", "aws.dynamodb.table", "aws.sns.topic", "aws.kinesis.stream",
    "aws.ec2.volume", "gcp.storage.bucket", "gcp.sql.instance" },
  where = function(e) return tags.sensitive(e) end,
  description = [[Data is protected as well as its worst copy. Replicas, restored databases, deliveries and transfers of a store that is
confidential or regulated are compared with it: classification, encryption, keys.]],
  remediation = [[Give the copy the classification and the encryption of the original, or leave out what is classified.]],
  references = { "https://docs.aws.amazon.com/AmazonS3/latest/userguide/replication-config-for-kms-objects.html",
    "https://docs.aws.amazon.com/sns/latest/dg/sns-security-best-practices.html" },
  check = function(e)
    local found = e.kind == "aws.sns.topic" and subscriptions(e) or e.kind == "aws.ec2.volume" and snapshots(e) or {}
    for _, copy in ipairs(copies.of(e)) do
      local why, at = weaker(e, copy)
      if why then
        found[#found + 1] = fail(tags.class(e) .. " data of " .. e.name .. " goes to " .. copy.store.address .. ", which " .. why
          .. "; protect it alike", { evidence = { { copy.via, copy.how }, { at, why } } })
      end
    end
    return found
  end,
  tests = {
    fail = {
      [[
resource "aws_s3_bucket" "fire" {
  bucket = "a"
  tags = { classification = "regulated" }
}
resource "aws_s3_bucket" "b" {
  bucket = "b"
  tags = { classification = "internal" }
}
resource "aws_s3_bucket_replication_configuration" "r" {
  bucket = aws_s3_bucket.fire.id
  role   = "arn:aws:iam::123456789012:role/r"
  rule {
    status = "Enabled"
    destination { bucket = aws_s3_bucket.b.arn }
  }
}]],
      [[
resource "aws_db_instance" "fire" {
  identifier        = "orders"
  storage_encrypted = true
  tags = { classification = "confidential" }
}
resource "aws_db_instance" "replica" {
  replicate_source_db = aws_db_instance.fire.identifier
}]],
      [[
resource "aws_sns_topic" "fire" {
  name = "payments"
  tags = { classification = "regulated" }
}
resource "aws_sns_topic_subscription" "hook" {
  topic_arn = aws_sns_topic.fire.arn
  protocol  = "http"
  endpoint  = "http://example.com/hook"
}]],
    },
    pass = {
      [[
resource "aws_db_instance" "dont_fire" {
  identifier        = "orders"
  storage_encrypted = true
  tags = { classification = "confidential" }
}
resource "aws_db_instance" "replica" {
  replicate_source_db = aws_db_instance.dont_fire.identifier
  storage_encrypted   = true
}]],
      [[
resource "aws_sns_topic" "dont_fire" {
  name = "payments"
  tags = { classification = "regulated" }
}
resource "aws_sns_topic_subscription" "hook" {
  topic_arn = aws_sns_topic.dont_fire.arn
  protocol  = "https"
  endpoint  = "https://example.com/hook"
}]],
    },
    unknown = {
      [[
variable "encrypted" { type = bool }
resource "aws_db_instance" "a" {
  identifier        = "orders"
  storage_encrypted = true
  tags = { classification = "confidential" }
}
resource "aws_db_instance" "replica" {
  replicate_source_db = aws_db_instance.a.identifier
  storage_encrypted   = var.encrypted
}]],
    },
  },
}
