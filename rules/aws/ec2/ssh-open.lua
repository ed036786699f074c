local sg = lib "sg"

return rule {
  id = "AWS-SG-001", title = "Inbound SSH is open to the world",
  severity = "critical", category = "network",
  aliases = { "CKV_AWS_24", "AVD-AWS-0107" },
  frameworks = { "CIS-AWS-3.0:5.2", "CIS-AWS-3.0:5.3", "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6",
    "ISO27001-2022:A.8.20" },
  for_each = { "aws.ec2.security_group", "aws.ec2.security_group_rule" },
  description = [[SSH that the whole world reaches is tried by password guessers within minutes, and every flaw of the server is
theirs.]],
  remediation = [[Name the networks that need it, or use Session Manager and remove the rule.]],
  references = { "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html" },
  check = function(e)
    return sg.judge(e, { 22 }, function() return "SSH (22)" end)
  end,
  tests = {
    fail = { live [[
[{"type": "aws:ec2:security-group", "name": "fire",
  "body": {"GroupId": "sg-1", "Description": "web servers", "IpPermissions": [{"IpProtocol": "tcp", "FromPort": 22,
    "ToPort": 22, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]}}]
]], [[
resource "aws_security_group" "fire" {
  ingress {
    protocol    = "tcp"
    from_port   = 0
    to_port     = 1024
    cidr_blocks = ["10.0.0.0/8", "0.0.0.0/0"]
  }
}]], [[
resource "aws_vpc_security_group_ingress_rule" "fire" {
  security_group_id = "sg-1"
  ip_protocol       = "tcp"
  from_port         = 22
  to_port           = 22
  cidr_ipv6         = "::/0"
}]] },
    pass = { live [[
[{"type": "aws:ec2:security-group", "name": "dont_fire",
  "body": {"GroupId": "sg-1", "Description": "web servers", "IpPermissions": [{"IpProtocol": "tcp", "FromPort": 22,
    "ToPort": 22, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}]}}]
]], [[
resource "aws_security_group" "dont_fire" {
  ingress {
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = ["10.0.0.0/8"]
  }
  ingress {
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = ["0.0.0.0/0"]
  }
}]], [[
resource "aws_security_group_rule" "dont_fire" {
  security_group_id = "sg-1"
  type              = "egress"
  protocol          = "-1"
  from_port         = 0
  to_port           = 0
  cidr_blocks       = ["0.0.0.0/0"]
}]] },
    unknown = { [[
variable "net" {}
resource "aws_security_group_rule" "a" {
  security_group_id = "sg-1"
  type              = "ingress"
  protocol          = "tcp"
  from_port         = 22
  to_port           = 22
  cidr_blocks       = [var.net]
}]] },
  },
}
