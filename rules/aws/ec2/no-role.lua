local values = lib "values"

return rule {
  id = "AWS-EC2-008", title = "Instance has no role attached",
  severity = "medium", category = "least-privilege",
  aliases = { "CKV2_AWS_41" },
  frameworks = { "CIS-AWS-3.0:1.18", "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3",
    "ISO27001-2022:A.5.15" },
  for_each = "aws.ec2.instance",
  description = [[Without a role, software on the instance that calls AWS needs keys, which end up in files.]],
  remediation = [[Set `iam_instance_profile`.]],
  references = { "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/iam-roles-for-amazon-ec2.html" },
  check = function(e)
    if values.set(e, e.raw, "iam_instance_profile") or e.raw.IamInstanceProfile ~= nil then return end
    if e.raw.launch_template ~= nil then
      for _, template in ipairs(e:targets(e.raw.launch_template.id)) do
        if template.kind == "aws.ec2.launch_template" and template.profile ~= nil then return end
      end
    end
    return fail("instance " .. e.name .. " has no role")
  end,
  tests = {
    fail = { live [[
[{"type": "aws:ec2:instance", "name": "fire", "body": {"InstanceId": "i-1"}}]
]], [[resource "aws_instance" "fire" {}]] },
    pass = { live [[
[{"type": "aws:ec2:instance", "name": "dont_fire",
  "body": {"InstanceId": "i-1", "IamInstanceProfile": {"Arn": "arn:aws:iam::123456789012:instance-profile/app"}}}]
]], [[resource "aws_instance" "dont_fire" { iam_instance_profile = "web" }]], [[
resource "aws_iam_instance_profile" "p" { role = "r" }
resource "aws_instance" "dont_fire" { iam_instance_profile = aws_iam_instance_profile.p.name }]] },
    unknown = { [[
variable "profile" {}
resource "aws_instance" "a" { iam_instance_profile = var.profile }]] },
  },
}
