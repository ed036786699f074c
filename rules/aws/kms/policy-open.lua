local iam = lib "iam"
local kms = lib "kms"

return rule {
  id = "AWS-KMS-002", title = "Key policy allows any principal",
  severity = "critical", category = "least-privilege",
  aliases = { "CKV_AWS_33" },
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = { "aws.kms.key", "aws.kms.key_policy" },
  description = [[A key policy that allows every principal lets any account use the key, unless a condition ties it to known
callers.]],
  remediation = [[Name the principals, or add `kms:CallerAccount` or `aws:PrincipalOrgID`.]],
  references = { "https://docs.aws.amazon.com/kms/latest/developerguide/key-policies.html" },
  check = function(e)
    return each(kms.policy(e), function(s)
      if not iam.allows(s) then return end
      local who = iam.wildcard_principal(e, s)
      if who and not iam.narrowed(s) then
        return fail("the policy of key " .. e.name .. " allows any principal (" .. who .. ")", { at = s.at })
      end
    end)
  end,
  tests = {
    fail = { live [[
[{"type": "aws:kms:key", "name": "fire",
  "body": {"Policy": "{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"*\"},\"Action\":\"kms:Decrypt\",\"Resource\":\"*\"}]}"}}]
]], [[
resource "aws_kms_key" "fire" {
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { AWS = "*" }, Action = "kms:*", Resource = "*" }]
  })
}]] },
    pass = { live [[
[{"type": "aws:kms:key", "name": "dont_fire", "body": {"Policy": "{\"Statement\":[]}"}}]
]], [[
resource "aws_kms_key" "dont_fire" {
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [
      { Effect = "Allow", Principal = { AWS = "arn:aws:iam::123456789012:root" }, Action = "kms:*", Resource = "*" },
      { Effect = "Allow", Principal = { AWS = "*" }, Action = "kms:Decrypt", Resource = "*",
        Condition = { StringEquals = { "kms:CallerAccount" = "123456789012" } } },
    ]
  })
}]], [[resource "aws_kms_key" "dont_fire" {}]] },
    unknown = { [[
variable "policy" {}
resource "aws_kms_key" "a" { policy = var.policy }]] },
  },
}
