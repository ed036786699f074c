local tags = lib "tags"

return rule {
  id = "AWS-EC2-006", title = "Detailed monitoring is off",
  severity = "low", category = "logging",
  aliases = { "CKV_AWS_126" },
  frameworks = { "NIST-800-53r5:AU-2", "PCI-DSS-4.0:10.2.1", "SOC2:CC7.2", "ISO27001-2022:A.8.15" },
  for_each = { "aws.ec2.instance", "aws.ec2.launch_template" },
  where = function(e) return e.kind == "aws.ec2.instance" or tags.production(e) end,
  description = [[Basic monitoring shows a value every five minutes; a peak of one minute is not seen. Where the environment is
known not to be production this is reported as information.]],
  remediation = [[Set `monitoring = true`.]],
  references = { "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/manage-detailed-monitoring.html" },
  check = function(e)
    if not e.monitoring then
      return fail("instance " .. e.name .. " is monitored every five minutes only", { severity = tags.severity(e, "info") })
    end
  end,
  fix = set("monitoring", true),
  tests = {
    fail = { live [[
[{"type": "aws:ec2:instance", "name": "fire", "body": {"Monitoring": {"State": "disabled"}}}]
]], [[resource "aws_instance" "fire" {}]] },
    pass = { live [[
[{"type": "aws:ec2:instance", "name": "dont_fire", "body": {"Monitoring": {"State": "enabled"}}}]
]], [[resource "aws_instance" "dont_fire" { monitoring = true }]] },
    unknown = { [[
variable "m" { type = bool }
resource "aws_instance" "a" { monitoring = var.m }]] },
  },
}
