local kms = lib "kms"
local values = lib "values"

return rule {
  id = "AWS-ECR-004", title = "Repository is not encrypted with a customer managed key",
  severity = "low", category = "encryption",
  aliases = { CKV_AWS_136 = "kind", ["AVD-AWS-0033"] = { "kind", "key" } },
  frameworks = { "NIST-800-53r5:SC-28", "PCI-DSS-4.0:3.5.1", "SOC2:CC6.1", "ISO27001-2022:A.8.24" },
  for_each = "aws.ecr.repository",
  classes = { public = "none", regulated = "medium" },
  description = [[With a key of one's own, access to the images also needs a right on the key, every use is logged, and the key can be
withdrawn.]],
  remediation = [[Set `encryption_type = "KMS"` and `kms_key` in `encryption_configuration`.]],
  references = { "https://docs.aws.amazon.com/AmazonECR/latest/userguide/encryption-at-rest.html" },
  check = function(e)
    if not starts(e.encryption.kind, "KMS") then
      return fail("repository " .. e.name .. " is encrypted with keys of S3", { case = "kind", at = "encryption.kind" })
    end
    local own
    if e.origin == "live" then
      own = kms.is_own(e.encryption.key)
    else
      own = values.own_key(e, e.raw.encryption_configuration, "kms_key")
    end
    if not own then
      return fail("repository " .. e.name .. " is encrypted with the account's key", { case = "key", at = "encryption.kind" })
    end
  end,
  tests = {
    fail = { live [[
[{"type": "aws:ecr:repository", "name": "fire",
  "body": {"repositoryName": "r", "encryptionConfiguration": {"encryptionType": "AES256"}}}]
]], [[resource "aws_ecr_repository" "fire" { name = "fire" }]], [[
resource "aws_ecr_repository" "fire" {
  encryption_configuration { encryption_type = "KMS" }
}]] },
    pass = { live [[
[{"type": "aws:ecr:repository", "name": "dont_fire",
  "body": {"repositoryName": "r", "encryptionConfiguration": {"encryptionType": "KMS", "kmsKey": "arn:k"}}},
 {"type": "aws:kms:key", "name": "k", "body": {"KeyId": "k", "Arn": "arn:k", "KeyManager": "CUSTOMER"}}]
]], [[
resource "aws_kms_key" "k" {}
resource "aws_ecr_repository" "dont_fire" {
  encryption_configuration {
    encryption_type = "KMS"
    kms_key         = aws_kms_key.k.arn
  }
}]] },
    unknown = { [[
variable "t" {}
resource "aws_ecr_repository" "a" {
  encryption_configuration { encryption_type = var.t }
}]] },
  },
}
