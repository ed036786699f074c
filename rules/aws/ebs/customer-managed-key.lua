local kms = lib "kms"
local values = lib "values"

return rule {
  id = "AWS-EBS-002", title = "Volume is not encrypted with a customer managed key",
  severity = "medium", category = "encryption",
  aliases = { CKV_AWS_189 = "volume", ["AVD-AWS-0027"] = "volume", CKV_AWS_183 = "copy" },
  frameworks = { "NIST-800-53r5:SC-28", "PCI-DSS-4.0:3.5.1", "SOC2:CC6.1", "ISO27001-2022:A.8.24" },
  for_each = { "aws.ec2.volume", "aws.ec2.snapshot_copy" },
  classes = { public = "none", internal = "low", regulated = "high" },
  description = [[With a key of one's own, access to the data also needs a right on the key, and every use is logged.]],
  remediation = [[Set `encrypted = true` and `kms_key_id`.]],
  references = { "https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption.html" },
  check = function(e)
    if e.origin == "live" then
      if kms.is_own(e.key) then return end
    elseif values.own_key(e, e.raw, "kms_key_id") then
      return
    end
    local copy = e.kind == "aws.ec2.snapshot_copy"
    return fail((copy and "snapshot copy " or "volume ") .. e.name .. " names no key of its own", { case = copy and "copy" or "volume" })
  end,
  tests = {
    fail = { [[resource "aws_ebs_volume" "fire" { encrypted = true }]], live [[
[{"type": "aws:ec2:volume", "name": "fire", "body": {"VolumeId": "vol-1", "Encrypted": true, "KmsKeyId": "arn:k"}},
 {"type": "aws:kms:key", "name": "k", "body": {"KeyId": "k", "Arn": "arn:k", "KeyManager": "AWS"}}]
]] },
    pass = { live [[
[{"type": "aws:ec2:volume", "name": "dont_fire", "body": {"VolumeId": "vol-1", "Encrypted": true, "KmsKeyId": "arn:k"}},
 {"type": "aws:kms:key", "name": "k", "body": {"KeyId": "k", "Arn": "arn:k", "KeyManager": "CUSTOMER"}}]
]], [[
resource "aws_kms_key" "k" {}
resource "aws_ebs_volume" "dont_fire" {
  encrypted  = true
  kms_key_id = aws_kms_key.k.arn
}]] },
    unknown = { live [[
[{"type": "aws:ec2:volume", "name": "a", "body": {"VolumeId": "vol-1", "Encrypted": true, "KmsKeyId": "arn:k"}}]
]], [[
variable "key" {}
resource "aws_ebs_volume" "a" { kms_key_id = var.key }]] },
  },
}
