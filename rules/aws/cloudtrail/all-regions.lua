return rule {
  id = "AWS-TRAIL-001", title = "No trail covers every region",
  severity = "high", category = "logging",
  aliases = { CKV_AWS_67 = "region", CKV_AWS_251 = "logging", ["AVD-AWS-0014"] = "region" },
  frameworks = { "CIS-AWS-3.0:3.1", "NIST-800-53r5:AU-2", "PCI-DSS-4.0:10.2.1", "SOC2:CC7.2", "ISO27001-2022:A.8.15" },
  for_each = "aws.cloudtrail.trail",
  description = [[An intruder works in the region that nobody watches; only a trail of every region records it.]],
  remediation = [[Set `is_multi_region_trail = true`, and leave `enable_logging` and `include_global_service_events` on.]],
  references = { "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/receive-cloudtrail-log-files-from-multiple-regions.html" },
  check = function(e)
    return each({ "logging", "region", "global" }, function(place)
      if place == "logging" then
        if not e.logging then return fail("trail " .. e.name .. " does not record", { case = place, at = "logging" }) end
      elseif place == "region" then
        if not e.multi_region then return fail("trail " .. e.name .. " covers one region", { case = place, at = "multi_region" }) end
      elseif not e.global_events then
        return fail("trail " .. e.name .. " leaves global services out", { case = place, at = "global_events" })
      end
    end)
  end,
  fix = set("multi_region", true),
  tests = {
    fail = { live [[
[{"type": "aws:cloudtrail:trail", "name": "fire",
  "body": {"IsMultiRegionTrail": false, "IncludeGlobalServiceEvents": true, "Status": {"IsLogging": true}}}]
]], [[resource "aws_cloudtrail" "fire" { name = "fire" }]], [[
resource "aws_cloudtrail" "fire" {
  is_multi_region_trail = true
  enable_logging        = false
}]] },
    pass = { live [[
[{"type": "aws:cloudtrail:trail", "name": "dont_fire",
  "body": {"IsMultiRegionTrail": true, "IncludeGlobalServiceEvents": true, "Status": {"IsLogging": true}}}]
]], [[resource "aws_cloudtrail" "dont_fire" { is_multi_region_trail = true }]] },
    unknown = { [[
variable "m" { type = bool }
resource "aws_cloudtrail" "a" { is_multi_region_trail = var.m }]] },
  },
}
