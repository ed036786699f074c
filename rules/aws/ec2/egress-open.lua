local sg = lib "sg"

return rule {
  id = "AWS-SG-006", title = "Outbound traffic is unrestricted",
  severity = "medium", category = "network",
  aliases = { "CKV_AWS_382", "AVD-AWS-0104" },
  frameworks = { "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6", "ISO27001-2022:A.8.20" },
  for_each = { "aws.ec2.security_group", "aws.ec2.security_group_rule" },
  description = [[Without a limit outbound, an intruder can fetch tools and send data anywhere.]],
  remediation = [[Name the protocols, ports and networks that are needed in the egress rules.]],
  references = { "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html" },
  check = function(e)
    return each(sg.rules(e, "egress"), function(rule)
      local world = sg.open(rule, sg.all_protocols)
      if world then return fail(sg.name(e) .. " lets everything out to " .. world, { at = rule.at }) end
    end)
  end,
  tests = {
    fail = { live [[
[{"type": "aws:ec2:security-group", "name": "fire",
  "body": {"GroupId": "sg-1", "IpPermissionsEgress": [{"IpProtocol": "-1", "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]}}]
]], [[
resource "aws_security_group" "fire" {
  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
}]] },
    pass = { live [[
[{"type": "aws:ec2:security-group", "name": "dont_fire",
  "body": {"GroupId": "sg-1", "IpPermissionsEgress": [{"IpProtocol": "tcp", "FromPort": 443, "ToPort": 443,
    "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}]}}]
]], [[
resource "aws_security_group" "dont_fire" {
  egress {
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = ["0.0.0.0/0"]
  }
}]] },
    unknown = { [[
variable "net" {}
resource "aws_vpc_security_group_egress_rule" "a" {
  security_group_id = "sg-1"
  ip_protocol       = "-1"
  cidr_ipv4         = var.net
}]] },
  },
}
