return rule {
  id = "AWS-DET-003", title = "Security Hub is off or follows no standard",
  severity = "medium", category = "logging",
  frameworks = { "CIS-AWS-3.0:4.16", "NIST-800-53r5:AU-2", "PCI-DSS-4.0:10.2.1", "SOC2:CC7.2", "ISO27001-2022:A.8.15" },
  for_each = { "aws.securityhub.hub", "aws.account.region" },
  where = function(e) return e.kind ~= "aws.account.region" or e.used ~= false end,
  description = [[A hub without a standard checks nothing; without a hub, what the other detectors find stays where it is.]],
  remediation = [[Add an `aws_securityhub_account` and an `aws_securityhub_standards_subscription`.]],
  references = { "https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-standards.html" },
  check = function(e)
    if e.kind == "aws.account.region" then
      if e.hub == nil then return fail("Security Hub is off in region " .. e.name, { at = "hub" }) end
      return
    end
    if e.origin == "live" then
      if e.standards == nil then unknown("the standards were not collected") end
      if #e.standards > 0 then return end
    else
      if e.default_standards or #graph.all("aws.securityhub.standard") > 0 then return end
    end
    return fail("hub " .. e.name .. " follows no standard", { at = e })
  end,
  tests = {
    fail = { [[resource "aws_securityhub_account" "fire" { enable_default_standards = false }]], live [[
[{"type": "aws:securityhub:hub", "name": "fire", "body": {"HubArn": "arn:h", "StandardsSubscriptions": []}},
 {"type": "aws:account:region", "name": "fire", "body": {"Used": true}}]
]] },
    pass = { [[resource "aws_securityhub_account" "dont_fire" {}]], [[
resource "aws_securityhub_account" "dont_fire" { enable_default_standards = false }
resource "aws_securityhub_standards_subscription" "s" {
  standards_arn = "arn:aws:securityhub:::ruleset/cis-aws-foundations-benchmark/v/1.2.0"
}]], live [[
[{"type": "aws:securityhub:hub", "name": "dont_fire", "body": {"HubArn": "arn:h", "StandardsSubscriptions": [{"StandardsArn": "arn:s"}]}},
 {"type": "aws:account:region", "name": "dont_fire", "body": {"Used": true, "Hub": {"HubArn": "arn:h"}}}]
]] },
    unknown = { [[
variable "on" { type = bool }
resource "aws_securityhub_account" "a" { enable_default_standards = var.on }]], live [[
[{"type": "aws:account:region", "name": "a", "body": {"Used": true}, "unknown": {"Hub": "AccessDenied"}}]
]] },
  },
}
