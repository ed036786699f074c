local tags = lib "tags"

return rule {
  id = "AWS-KMS-004", title = "Key is disabled or about to be deleted",
  severity = "high", category = "resilience",
  aliases = { CKV_AWS_227 = "disabled" },
  frameworks = { "NIST-800-53r5:CP-10", "SOC2:A1.2", "ISO27001-2022:A.8.14" },
  for_each = "aws.kms.key",
  description = [[What a disabled key protects cannot be read; what a deleted one protected is lost for ever.]],
  remediation = [[Set `is_enabled = true`; cancel the deletion; leave `deletion_window_in_days` at 30 in production.]],
  references = { "https://docs.aws.amazon.com/kms/latest/developerguide/deleting-keys.html" },
  check = function(e)
    if e.state ~= nil and e.state == "PendingDeletion" then
      return fail("key " .. e.name .. " is about to be deleted", { case = "deletion", at = "state" })
    end
    if not e.enabled then return fail("key " .. e.name .. " is disabled", { case = "disabled", at = "enabled" }) end
    if tags.production(e) and e.deletion_days < 30 then
      return fail("production key " .. e.name .. " can be gone after " .. math.tointeger(e.deletion_days) .. " days",
        { case = "window", at = "deletion_days", severity = "low" })
    end
  end,
  fix = { set("enabled", true, "disabled"), set("deletion_days", 30, "window") },
  tests = {
    fail = { live [[
[{"type": "aws:kms:key", "name": "fire", "body": {"KeyState": "Disabled"}}]
]], [[resource "aws_kms_key" "fire" { is_enabled = false }]], [[
resource "aws_kms_key" "fire" {
  deletion_window_in_days = 7
  tags                    = { environment = "prod" }
}]] },
    pass = { live [[
[{"type": "aws:kms:key", "name": "dont_fire", "body": {"KeyState": "Enabled"}}]
]], [[resource "aws_kms_key" "dont_fire" {}]] },
    unknown = { [[
variable "e" { type = bool }
resource "aws_kms_key" "a" { is_enabled = var.e }]] },
  },
}
