local values = lib "values"

return rule {
  id = "AWS-KMS-003", title = "Key has no explicit policy",
  severity = "low", category = "least-privilege",
  aliases = { "CKV2_AWS_64" },
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = "aws.kms.key",
  where = function(e) return e.origin ~= "live" end,
  description = [[Without a policy the key trusts its whole account: every IAM policy there may give rights on it.]],
  remediation = [[Set `policy`, or add an `aws_kms_key_policy`.]],
  references = { "https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html" },
  check = function(e)
    if values.set(e, e.raw, "policy") or #e:satellites("policy") > 0 then return end
    return fail("key " .. e.name .. " has no policy of its own")
  end,
  tests = {
    fail = { [[resource "aws_kms_key" "fire" {}]] },
    pass = { [[
resource "aws_kms_key" "dont_fire" {}
resource "aws_kms_key_policy" "p" {
  key_id = aws_kms_key.dont_fire.id
  policy = "{}"
}]] },
    unknown = { [[
variable "key" {}
resource "aws_kms_key" "a" {}
resource "aws_kms_key_policy" "p" {
  key_id = var.key
  policy = "{}"
}]] },
  },
}
