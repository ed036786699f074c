-- In an account the default group is there as it is; in code it is what somebody took over.
local function of_answer(group)
  for _, direction in ipairs { "IpPermissions", "IpPermissionsEgress" } do
    local rules = list(group.raw[direction])
    if #rules > 0 then
      local word = direction == "IpPermissions" and "ingress" or "egress"
      return fail("the default security group of VPC " .. (group.raw.VpcId or "?") .. " has an " .. word .. " rule", { at = rules[1] })
    end
  end
end

return rule {
  id = "AWS-VPC-002", title = "Default security group lets traffic through",
  severity = "medium", category = "network",
  aliases = { "CKV2_AWS_12", "AVD-AWS-0173" },
  frameworks = { "CIS-AWS-3.0:5.4", "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6",
    "ISO27001-2022:A.8.20" },
  for_each = { "aws.vpc", "aws.ec2.security_group" },
  where = function(e)
    if e.kind == "aws.vpc" then return e.origin ~= "live" end
    return e.origin == "live" and e.raw.GroupName == "default"
  end,
  description = [[What is launched without a group lands in the default group of its VPC, whose members may all talk to each other
and to the world. Taken over by `aws_default_security_group` without rules, it lets nothing through.]],
  remediation = [[Add an `aws_default_security_group` for the VPC without `ingress` and `egress`.]],
  references = { "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/default_security_group" },
  check = function(e)
    if e.kind == "aws.ec2.security_group" then return of_answer(e) end
    local groups = e:satellites("default_group")
    if #groups == 0 then return fail("the default security group of VPC " .. e.name .. " is not managed and lets traffic through") end
    return each(groups, function(group)
      for _, direction in ipairs { "ingress", "egress" } do
        local rules = list(group.raw[direction])
        if #rules > 0 then
          return fail("the default security group of VPC " .. e.name .. " has an " .. direction .. " rule", { at = rules[1] })
        end
      end
      local rules = group:satellites("rule")
      if #rules > 0 then
        return fail("the default security group of VPC " .. e.name .. " has a rule of its own", { at = rules[1] })
      end
    end)
  end,
  tests = {
    fail = { live [[
[{"type": "aws:ec2:security-group", "name": "fire", "body": {"GroupId": "sg-1", "GroupName": "default", "VpcId": "vpc-1",
  "Description": "default VPC security group", "IpPermissions": [], "IpPermissionsEgress": [{"IpProtocol": "-1",
  "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]}}]
]], [[resource "aws_vpc" "fire" { cidr_block = "10.0.0.0/16" }]], [[
resource "aws_vpc" "fire" { cidr_block = "10.0.0.0/16" }
resource "aws_default_security_group" "d" {
  vpc_id = aws_vpc.fire.id
  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
}]] },
    pass = { live [[
[{"type": "aws:ec2:security-group", "name": "dont_fire", "body": {"GroupId": "sg-1", "GroupName": "default", "VpcId": "vpc-1",
  "Description": "default VPC security group", "IpPermissions": [], "IpPermissionsEgress": []}}]
]], [[
resource "aws_vpc" "dont_fire" { cidr_block = "10.0.0.0/16" }
resource "aws_default_security_group" "d" { vpc_id = aws_vpc.dont_fire.id }]] },
    unknown = { live [[
[{"type": "aws:ec2:security-group", "name": "a", "body": {"GroupId": "sg-1", "GroupName": "default", "VpcId": "vpc-1",
  "Description": "default VPC security group"}, "unknown": {"IpPermissions": "AccessDenied"}}]
]], [[
variable "vpc" {}
resource "aws_vpc" "a" { cidr_block = "10.0.0.0/16" }
resource "aws_default_security_group" "d" { vpc_id = var.vpc }]] },
  },
}
