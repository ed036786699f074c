local function organisation(e)
  local configurations = e:satellites("organization")
  if #configurations == 0 then return nil end
  for _, one in ipairs(configurations) do
    if one.auto_enable or one_of(one.members, "ALL", "NEW") then return nil end
  end
  return fail("new accounts do not join detector " .. e.name, { case = "organisation", at = e,
    evidence = { { configurations[1], "the organisation's configuration" } } })
end

return rule {
  id = "AWS-DET-002", title = "Threat detection is off",
  severity = "high", category = "logging",
  aliases = { CKV_AWS_238 = "detector", CKV2_AWS_3 = "organisation" },
  frameworks = { "NIST-800-53r5:AU-2", "PCI-DSS-4.0:10.2.1", "SOC2:CC7.2", "ISO27001-2022:A.8.15" },
  for_each = { "aws.guardduty.detector", "aws.account.region" },
  where = function(e) return e.kind ~= "aws.account.region" or e.used ~= false end,
  description = [[GuardDuty sees stolen credentials, mining and talk with known attackers in logs that nobody reads.]],
  remediation = [[Leave `enable` on, and set `auto_enable_organization_members = "ALL"` in an
`aws_guardduty_organization_configuration`.]],
  references = { "https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_settingup.html",
    "https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_organizations.html" },
  -- CKV2_AWS_3 fails each detector without a configuration of the organisation in the same code; only the delegated
  -- administrator can have one, and members get theirs from it.
  check = function(e)
    if e.kind == "aws.account.region" then
      if e.detectors == nil then unknown("detectors were not collected") end
      for _, one in ipairs(e.detectors) do
        if (one.Status or one.status) == "ENABLED" then return end
      end
      return fail("region " .. e.name .. " has no detector that is on", { case = "detector", at = "detectors" })
    end
    if not e.enabled then return fail("detector " .. e.name .. " is switched off", { case = "detector", at = "enabled" }) end
    if e.origin ~= "live" then return organisation(e) end
  end,
  fix = set("enabled", true),
  tests = {
    fail = { [[resource "aws_guardduty_detector" "fire" { enable = false }]], [[
resource "aws_guardduty_detector" "fire" {}
resource "aws_guardduty_organization_configuration" "o" {
  detector_id                      = aws_guardduty_detector.fire.id
  auto_enable_organization_members = "NONE"
}]], live [[
[{"type": "aws:guardduty:detector", "name": "fire", "body": {"DetectorId": "d", "Status": "DISABLED"}},
 {"type": "aws:account:region", "name": "fire", "body": {"Used": true, "Detectors": []}}]
]] },
    pass = { [[
resource "aws_guardduty_detector" "dont_fire" {}
resource "aws_guardduty_organization_configuration" "o" {
  detector_id                      = aws_guardduty_detector.dont_fire.id
  auto_enable_organization_members = "ALL"
}]], live [[
[{"type": "aws:guardduty:detector", "name": "dont_fire", "body": {"DetectorId": "d", "Status": "ENABLED"}},
 {"type": "aws:account:region", "name": "dont_fire", "body": {"Used": true, "Detectors": [{"Status": "ENABLED"}]}}]
]] },
    unknown = { [[
variable "on" { type = bool }
resource "aws_guardduty_detector" "a" { enable = var.on }]], live [[
[{"type": "aws:account:region", "name": "a", "body": {"Used": true}, "unknown": {"Detectors": "AccessDenied"}}]
]] },
  },
}
