local iam = lib "iam"
local kms = lib "kms"

local administrative = { "kms:PutKeyPolicy", "kms:ScheduleKeyDeletion", "kms:DisableKey" }

local function note(e, roles, s, right)
  for _, id in ipairs(iam.ids(e, s, "AWS")) do
    if not ends(id, ":root") and not match(id, "^[0-9]{12}$") and id ~= "*" then
      roles[id] = roles[id] or {}
      roles[id][right] = roles[id][right] or s.at
    end
  end
end

return rule {
  id = "AWS-KMS-005", title = "Key administrators may also use the key",
  severity = "medium", category = "least-privilege",
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = { "aws.kms.key", "aws.kms.key_policy" },
  description = [[Who administers keys should not read data, and who reads data should not be able to change who else may.]],
  remediation = [[Split the statement: administrators get no Decrypt, users no administrative actions.]],
  references = { "https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html#key-policy-default-allow-administrators" },
  check = function(e)
    local roles = {}
    for _, s in ipairs(kms.policy(e)) do
      if iam.allows(s) then
        if iam.takes(s, "kms:Decrypt") then note(e, roles, s, "use") end
        for _, action in ipairs(administrative) do
          if iam.takes(s, action) then note(e, roles, s, "admin") end
        end
      end
    end
    local ids = {}
    for id, rights in pairs(roles) do
      if rights.use and rights.admin then ids[#ids + 1] = id end
    end
    table.sort(ids)
    return each(ids, function(id)
      return fail(id .. " may both administer and use key " .. e.name,
        { at = roles[id].admin, evidence = { { roles[id].use, "allows use" } } })
    end)
  end,
  tests = {
    fail = { live [[
[{"type": "aws:kms:key", "name": "fire", "body": {"KeyId": "k", "KeyManager": "CUSTOMER",
  "Policy": "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::123456789012:role/ops\"},\"Action\":\"kms:*\",\"Resource\":\"*\"}]}"}}]
]], [[
resource "aws_kms_key" "fire" {
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { AWS = "arn:aws:iam::123456789012:role/ops" }, Action = "kms:*", Resource = "*" }]
  })
}]] },
    pass = { live [[
[{"type": "aws:kms:key", "name": "dont_fire", "body": {"KeyId": "k", "KeyManager": "CUSTOMER",
  "Policy": "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::123456789012:root\"},\"Action\":\"kms:*\",\"Resource\":\"*\"}]}"}}]
]], [[
resource "aws_kms_key" "dont_fire" {
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [
      { Effect = "Allow", Principal = { AWS = "arn:aws:iam::123456789012:root" }, Action = "kms:*", Resource = "*" },
      { Effect = "Allow", Principal = { AWS = "arn:aws:iam::123456789012:role/app" }, Action = "kms:Decrypt", Resource = "*" },
    ]
  })
}]] },
    unknown = { live [[
[{"type": "aws:kms:key", "name": "a", "body": {"KeyId": "k", "KeyManager": "CUSTOMER"}, "unknown": {"Policy": "AccessDenied"}}]
]], [[
variable "policy" {}
resource "aws_kms_key" "a" { policy = var.policy }]] },
  },
}
