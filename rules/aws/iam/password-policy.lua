local asked = {
  { "length", 14, "minimum_password_length is %d, below 14" }, { "reuse", 24, "the last %d passwords may not be reused, 24 are asked for" },
}
local classes = { "symbols", "numbers", "upper", "lower" }

return rule {
  id = "AWS-IAM-024", title = "Password policy is weaker than required",
  severity = "medium", category = "least-privilege",
  aliases = {
    CKV_AWS_10 = "length", ["AVD-AWS-0063"] = "length", CKV_AWS_11 = "lower", ["AVD-AWS-0058"] = "lower", CKV_AWS_12 = "numbers",
    ["AVD-AWS-0059"] = "numbers", CKV_AWS_14 = "symbols", ["AVD-AWS-0060"] = "symbols", CKV_AWS_15 = "upper",
    ["AVD-AWS-0061"] = "upper", CKV_AWS_13 = "reuse", ["AVD-AWS-0056"] = "reuse", CKV_AWS_9 = "age", ["AVD-AWS-0062"] = "age",
  },
  frameworks = { "CIS-AWS-3.0:1.8", "CIS-AWS-3.0:1.9", "NIST-800-53r5:IA-2", "PCI-DSS-4.0:8.3.1", "SOC2:CC6.1",
    "ISO27001-2022:A.8.5" },
  for_each = "aws.iam.password_policy",
  description = [[The policy holds for every user of the account; its defaults allow six letters for ever.]],
  remediation = [[Ask for 14 characters of all kinds, no reuse of the last 24, and a `max_password_age` of 90 days or less.]],
  references = { "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_account-policy.html" },
  check = function(e)
    local cases = { "length", "reuse", "symbols", "numbers", "upper", "lower", "age" }
    return each(cases, function(case)
      if case == "age" then
        local days = e.max_age
        if days == 0 then return fail("passwords never expire (max_password_age is not set)", { case = case, at = "max_age" }) end
        if days > 90 then return fail("passwords live " .. math.tointeger(days) .. " days", { case = case, at = "max_age" }) end
        return
      end
      for _, limit in ipairs(asked) do
        if limit[1] == case and e[case] < limit[2] then
          return fail(string.format(limit[3], math.tointeger(e[case])), { case = case, at = case })
        end
      end
      if has(classes, case) and not e[case] then
        local what = one_of(case, "upper", "lower") and case .. "-case letters" or case
        return fail("passwords need no " .. what .. " by the policy " .. e.name, { case = case, at = case })
      end
    end)
  end,
  tests = {
    fail = { live [[
[{"type": "aws:iam:password-policy", "name": "fire",
  "body": {"MinimumPasswordLength": 8, "RequireSymbols": true, "RequireNumbers": true, "RequireUppercaseCharacters": true,
    "RequireLowercaseCharacters": true, "PasswordReusePrevention": 24, "MaxPasswordAge": 90}}]
]], [[resource "aws_iam_account_password_policy" "fire" { minimum_password_length = 8 }]] },
    pass = { live [[
[{"type": "aws:iam:password-policy", "name": "dont_fire",
  "body": {"MinimumPasswordLength": 16, "RequireSymbols": true, "RequireNumbers": true, "RequireUppercaseCharacters": true,
    "RequireLowercaseCharacters": true, "PasswordReusePrevention": 24, "MaxPasswordAge": 90}}]
]], [[
resource "aws_iam_account_password_policy" "dont_fire" {
  minimum_password_length      = 14
  require_symbols              = true
  require_numbers              = true
  require_uppercase_characters = true
  require_lowercase_characters = true
  password_reuse_prevention    = 24
  max_password_age             = 90
}]] },
    unknown = { [[
variable "n" { type = number }
resource "aws_iam_account_password_policy" "a" {
  minimum_password_length      = var.n
  require_symbols              = true
  require_numbers              = true
  require_uppercase_characters = true
  require_lowercase_characters = true
  password_reuse_prevention    = 24
  max_password_age             = 90
}]] },
  },
}
