-- Days between rotations of a schedule in rate form; nil for cron.
local function days_of(schedule)
  local n, unit = match(schedule or "", "^rate\\(([0-9]+) (day|hour|minute)s?\\)$")
  if not n then return nil end
  return tonumber(n) / (unit == "day" and 1 or unit == "hour" and 24 or 1440)
end

return rule {
  id = "AWS-SM-002", title = "Secret is never rotated",
  severity = "medium", category = "secrets",
  aliases = { CKV_AWS_304 = "interval", CKV2_AWS_57 = "never" },
  frameworks = { "NIST-800-53r5:IA-5", "PCI-DSS-4.0:8.6.2", "SOC2:CC6.1", "ISO27001-2022:A.5.17" },
  for_each = { "aws.secretsmanager.secret", "aws.secretsmanager.rotation" },
  description = [[A secret that never changes works for whoever once learned it.]],
  remediation = [[Add an `aws_secretsmanager_secret_rotation` with `automatically_after_days` of 90 or less.]],
  references = { "https://docs.aws.amazon.com/secretsmanager/latest/userguide/rotating-secrets.html" },
  check = function(e)
    if e.kind == "aws.secretsmanager.rotation" then
      local days = e.days or days_of(e.schedule)
      if days ~= nil and days > 90 then
        return fail("rotation " .. e.name .. " waits more than 90 days", { case = "interval", at = e })
      end
      return
    end
    if e.rotated or #e:satellites("rotation") > 0 then return end
    return fail("secret " .. e.name .. " is never rotated", { case = "never", at = e })
  end,
  tests = {
    fail = { live [[
[{"type": "aws:secretsmanager:secret", "name": "fire", "body": {"RotationEnabled": false}}]
]], [[resource "aws_secretsmanager_secret" "fire" { name = "fire" }]], [[
resource "aws_secretsmanager_secret_rotation" "fire" {
  secret_id = "s"
  rotation_rules { automatically_after_days = 120 }
}]] },
    pass = { live [[
[{"type": "aws:secretsmanager:secret", "name": "dont_fire", "body": {"RotationEnabled": true}}]
]], [[
resource "aws_secretsmanager_secret" "dont_fire" { name = "s" }
resource "aws_secretsmanager_secret_rotation" "dont_fire" {
  secret_id = aws_secretsmanager_secret.dont_fire.id
  rotation_rules { automatically_after_days = 30 }
}]] },
    unknown = { [[
variable "d" { type = number }
resource "aws_secretsmanager_secret_rotation" "a" {
  secret_id = "s"
  rotation_rules { automatically_after_days = var.d }
}]] },
  },
}
