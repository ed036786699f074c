local sg = lib "sg"

return rule {
  id = "AWS-SG-004", title = "Every inbound port is open to the world",
  severity = "critical", category = "network",
  aliases = { "CKV_AWS_277" },
  frameworks = { "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6", "ISO27001-2022:A.8.20" },
  for_each = { "aws.ec2.security_group", "aws.ec2.security_group_rule" },
  description = [[Every service of the machine, also those that are meant for itself alone, is open to the world.]],
  remediation = [[Name the ports and the networks that need them.]],
  references = { "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html" },
  check = function(e)
    return each(sg.rules(e, "ingress"), function(rule)
      local world = sg.open(rule, sg.takes_all)
      if world then return fail(sg.name(e) .. " lets " .. world .. " in on " .. sg.span(rule), { at = rule.at }) end
    end)
  end,
  tests = {
    fail = { live [[
[{"type": "aws:ec2:security-group", "name": "fire",
  "body": {"GroupId": "sg-1", "Description": "web servers", "IpPermissions": [{"IpProtocol": "tcp", "FromPort": 0,
    "ToPort": 65535, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]}}]
]], [[
resource "aws_security_group" "fire" {
  ingress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
}]] },
    pass = { live [[
[{"type": "aws:ec2:security-group", "name": "dont_fire",
  "body": {"GroupId": "sg-1", "Description": "web servers", "IpPermissions": [{"IpProtocol": "tcp", "FromPort": 443,
    "ToPort": 443, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]}}]
]], [[
resource "aws_security_group" "dont_fire" {
  ingress {
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = ["0.0.0.0/0"]
  }
  ingress {
    protocol  = "-1"
    from_port = 0
    to_port   = 0
    self      = true
  }
}]] },
    unknown = { [[
variable "net" {}
resource "aws_security_group_rule" "a" {
  security_group_id = "sg-1"
  type              = "ingress"
  protocol          = "-1"
  from_port         = 0
  to_port           = 0
  cidr_blocks       = [var.net]
}]] },
  },
}
