local values = lib "values"

return rule {
  id = "AWS-ASG-002", title = "Group still uses a launch configuration",
  severity = "low", category = "hygiene",
  version = 2, changes = { "judged on live answers too" },
  aliases = { "CKV_AWS_315" },
  frameworks = { "NIST-800-53r5:CM-6", "PCI-DSS-4.0:2.2.1", "SOC2:CC8.1", "ISO27001-2022:A.8.9" },
  for_each = "aws.autoscaling.group",
  description = [[Launch configurations get no new features, and new accounts cannot make them.]],
  remediation = [[Use `launch_template` or `mixed_instances_policy`.]],
  references = { "https://docs.aws.amazon.com/autoscaling/ec2/userguide/launch-configurations.html" },
  -- A group with neither takes its template from an instance: CKV_AWS_315 fails on it too.
  check = function(e)
    if e.origin == "live" then
      if e.raw.LaunchTemplate ~= nil or e.raw.MixedInstancesPolicy ~= nil then return end
      return fail("group " .. e.name .. " uses no launch template", { at = e })
    end
    if #list(e.raw.launch_template) > 0 or #list(e.raw.mixed_instances_policy) > 0 then return end
    values.set(e, e.raw, "launch_configuration") -- ends the check where it is not known
    return fail("group " .. e.name .. " uses no launch template", { at = e })
  end,
  tests = {
    fail = { [[resource "aws_autoscaling_group" "fire" { launch_configuration = "old" }]], live [[
[{"type": "aws:autoscaling:group", "name": "fire", "body": {"AutoScalingGroupName": "fire", "LaunchConfigurationName": "old"}}]
]] },
    pass = { [[
resource "aws_autoscaling_group" "dont_fire" {
  launch_template { id = "lt-1" }
}]], live [[
[{"type": "aws:autoscaling:group", "name": "dont_fire", "body": {"AutoScalingGroupName": "dont_fire", "LaunchTemplate": {"LaunchTemplateId": "lt-1", "Version": "$Latest"}}}]
]] },
    unknown = { [[
variable "l" {}
resource "aws_autoscaling_group" "a" { launch_configuration = var.l }]], live [[
[{"type": "aws:autoscaling:group", "name": "a", "body": {"AutoScalingGroupName": "a"}, "unknown": {"LaunchTemplate": "AccessDenied"}}]
]] },
  },
}
