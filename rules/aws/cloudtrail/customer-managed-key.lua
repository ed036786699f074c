local kms = lib "kms"
local values = lib "values"

return rule {
  id = "AWS-TRAIL-002", title = "Trail is not encrypted with a customer managed key",
  severity = "medium", category = "encryption",
  aliases = { CKV_AWS_35 = "trail", CKV_AWS_294 = "store", ["AVD-AWS-0015"] = "trail" },
  frameworks = { "CIS-AWS-3.0:3.5", "NIST-800-53r5:SC-28", "PCI-DSS-4.0:3.5.1", "SOC2:CC6.1", "ISO27001-2022:A.8.24" },
  for_each = { "aws.cloudtrail.trail", "aws.cloudtrail.event_data_store" },
  description = [[With a key of one's own, reading the records also needs a right on the key, and every use is logged.]],
  remediation = [[Set `kms_key_id`.]],
  references = { "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/encrypting-cloudtrail-log-files-with-aws-kms.html" },
  check = function(e)
    if e.origin == "live" then
      if kms.is_own(e.raw.KmsKeyId) then return end
    elseif values.own_key(e, e.raw, "kms_key_id") then
      return
    end
    local trail = e.kind == "aws.cloudtrail.trail"
    return fail((trail and "trail " or "event data store ") .. e.name .. " has no key of its own", { case = trail and "trail" or "store" })
  end,
  tests = {
    fail = { live [[
[{"type": "aws:cloudtrail:trail", "name": "fire", "body": {"Name": "t"}}]
]], [[resource "aws_cloudtrail" "fire" { name = "fire" }]], [[
resource "aws_cloudtrail_event_data_store" "fire" { name = "fire" }]] },
    pass = { live [[
[{"type": "aws:cloudtrail:trail", "name": "dont_fire", "body": {"Name": "t", "KmsKeyId": "arn:k"}},
 {"type": "aws:kms:key", "name": "k", "body": {"KeyId": "k", "Arn": "arn:k", "KeyManager": "CUSTOMER"}}]
]], [[
resource "aws_kms_key" "k" {}
resource "aws_cloudtrail" "dont_fire" { kms_key_id = aws_kms_key.k.arn }]] },
    unknown = { [[
variable "key" {}
resource "aws_cloudtrail" "a" { kms_key_id = var.key }]] },
  },
}
