local values = lib "values"

return rule {
  id = "AWS-MSG-001", title = "Queue is not encrypted",
  severity = "medium", category = "encryption",
  aliases = { "CKV_AWS_27", "AVD-AWS-0096" },
  frameworks = { "NIST-800-53r5:SC-28", "PCI-DSS-4.0:3.5.1", "SOC2:CC6.1", "ISO27001-2022:A.8.24" },
  for_each = "aws.sqs.queue",
  description = [[Messages often carry personal data and credentials. Queues made before October 2022 are not encrypted unless told
to be.]],
  remediation = [[Set `kms_master_key_id`, or `sqs_managed_sse_enabled = true`.]],
  references = { "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-server-side-encryption.html" },
  check = function(e)
    if e.origin == "live" then
      if e.key ~= nil or e.managed_encryption then return end
    elseif values.set(e, e.raw, "kms_master_key_id") or e.managed_encryption then
      return
    end
    return fail("queue " .. e.name .. " is not encrypted", { at = "managed_encryption" })
  end,
  fix = set("managed_encryption", true),
  tests = {
    fail = { live [[
[{"type": "aws:sqs:queue", "name": "fire",
  "body": {"QueueUrl": "https://q", "Attributes": {"SqsManagedSseEnabled": "false"}}}]
]], [[resource "aws_sqs_queue" "fire" { name = "fire" }]], [[resource "aws_sqs_queue" "fire" { sqs_managed_sse_enabled = false }]] },
    pass = { live [[
[{"type": "aws:sqs:queue", "name": "dont_fire",
  "body": {"QueueUrl": "https://q", "Attributes": {"SqsManagedSseEnabled": "true"}}}]
]], [[
resource "aws_sqs_queue" "dont_fire" { sqs_managed_sse_enabled = true }
resource "aws_sqs_queue" "dont_fire_with_key" { kms_master_key_id = "alias/own" }]] },
    unknown = { [[
variable "s" { type = bool }
resource "aws_sqs_queue" "a" { sqs_managed_sse_enabled = var.s }]] },
  },
}
