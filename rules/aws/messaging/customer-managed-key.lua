local values = lib "values"

return rule {
  id = "AWS-MSG-002", title = "Queue or topic is not encrypted with a customer managed key",
  severity = "low", category = "encryption",
  aliases = { CKV2_AWS_73 = "queue", CKV_AWS_26 = "topic", ["AVD-AWS-0135"] = "queue", ["AVD-AWS-0095"] = "topic",
    ["AVD-AWS-0136"] = "own-key" },
  frameworks = { "NIST-800-53r5:SC-28", "PCI-DSS-4.0:3.5.1", "SOC2:CC6.1", "ISO27001-2022:A.8.24" },
  for_each = { "aws.sqs.queue", "aws.sns.topic" },
  classes = { public = "none", regulated = "medium" },
  description = [[With a key of one's own, access to the messages also needs a right on the key, every use is logged, and the key can
be withdrawn.]],
  remediation = [[Set `kms_master_key_id` to a key of your own.]],
  references = { "https://docs.aws.amazon.com/sns/latest/dg/sns-server-side-encryption.html" },
  check = function(e)
    local topic = e.kind == "aws.sns.topic"
    local set
    if e.origin == "live" then set = e.key ~= nil else set = values.set(e, e.raw, "kms_master_key_id") end
    if not set then
      if not topic then return end -- AWS-MSG-001
      return { fail("topic " .. e.name .. " is not encrypted", { case = "topic", at = "key" }),
        fail("topic " .. e.name .. " has no key of its own", { case = "own-key", at = "key" }) }
    end
    -- A key that is computed is one of the scan.
    if known(e.key) and match(e.key, "alias/aws/") then
      return fail((topic and "topic " or "queue ") .. e.name .. " is encrypted with the account's key " .. e.key,
        { case = topic and "own-key" or "queue", at = "key" })
    end
  end,
  tests = {
    fail = { live [[
[{"type": "aws:sns:topic", "name": "fire",
  "body": {"TopicArn": "arn:t", "Attributes": {"KmsMasterKeyId": "alias/aws/sns"}}}]
]], [[resource "aws_sns_topic" "fire" { name = "fire" }]], [[
resource "aws_sqs_queue" "fire" { kms_master_key_id = "alias/aws/sqs" }]] },
    pass = { live [[
[{"type": "aws:sns:topic", "name": "dont_fire",
  "body": {"TopicArn": "arn:t", "Attributes": {"KmsMasterKeyId": "arn:k"}}}]
]], [[
resource "aws_kms_key" "k" {}
resource "aws_sns_topic" "dont_fire" { kms_master_key_id = aws_kms_key.k.id }
resource "aws_sqs_queue" "dont_fire" { kms_master_key_id = "alias/own" }]] },
    unknown = { [[
variable "key" {}
resource "aws_sns_topic" "a" { kms_master_key_id = var.key }]] },
  },
}
