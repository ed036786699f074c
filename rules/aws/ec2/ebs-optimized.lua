-- Families whose members share the network with their volumes unless told otherwise; all others are optimised by default.
local older = "^(?:m1\\.(?:large|xlarge)|m2\\.(?:2xlarge|4xlarge)|m3\\.(?:xlarge|2xlarge)|c1\\.xlarge|c3\\.(?:xlarge|2xlarge|4xlarge)|"
  .. "r3\\.(?:xlarge|2xlarge|4xlarge)|i2\\.(?:xlarge|2xlarge|4xlarge)|g2\\.2xlarge)$"

return rule {
  id = "AWS-EC2-007", title = "Instance is not EBS optimised",
  severity = "info", category = "resilience",
  aliases = { "CKV_AWS_135" },
  frameworks = { "NIST-800-53r5:SC-5", "SOC2:A1.1", "ISO27001-2022:A.8.6" },
  for_each = "aws.ec2.instance",
  description = [[Some older instance types share their network with their volumes unless they are launched EBS-optimised.]],
  remediation = [[Set `ebs_optimized = true`, or use a current instance type.]],
  references = { "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ebs-optimized.html" },
  -- CKV_AWS_135 asks for the attribute on every type; current types are optimised by default, and the smallest of the old
  -- ones (t2, m1.small …) cannot be.
  check = function(e)
    if e.ebs_optimized then return end
    local kind = e.instance_type
    if kind ~= nil and match(kind, older) then
      return fail("instance " .. e.name .. " (" .. kind .. ") is not EBS-optimised")
    end
  end,
  fix = set("ebs_optimized", true),
  tests = {
    fail = { live [[
[{"type": "aws:ec2:instance", "name": "fire",
  "body": {"InstanceId": "i-1", "InstanceType": "m3.xlarge", "EbsOptimized": false}}]
]], [[resource "aws_instance" "fire" { instance_type = "m3.xlarge" }]] },
    pass = { live [[
[{"type": "aws:ec2:instance", "name": "dont_fire",
  "body": {"InstanceId": "i-1", "InstanceType": "m7g.large", "EbsOptimized": true}}]
]], [[resource "aws_instance" "dont_fire" { instance_type = "m5.large" }]] },
    unknown = { [[
variable "t" {}
resource "aws_instance" "a" { instance_type = var.t }]] },
  },
}
