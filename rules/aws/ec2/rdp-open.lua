local sg = lib "sg"

return rule {
  id = "AWS-SG-002", title = "Inbound RDP is open to the world",
  severity = "critical", category = "network",
  aliases = { "CKV_AWS_25", "AVD-AWS-0107" },
  frameworks = { "CIS-AWS-3.0:5.2", "CIS-AWS-3.0:5.3", "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6",
    "ISO27001-2022:A.8.20" },
  for_each = { "aws.ec2.security_group", "aws.ec2.security_group_rule" },
  description = [[Remote Desktop that the whole world reaches is a favourite way in for ransomware.]],
  remediation = [[Name the networks that need it, or use Session Manager and remove the rule.]],
  references = { "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html" },
  check = function(e)
    return sg.judge(e, { 3389 }, function() return "Remote Desktop (3389)" end)
  end,
  tests = {
    fail = { live [[
[{"type": "aws:ec2:security-group", "name": "fire",
  "body": {"GroupId": "sg-1", "Description": "web servers", "IpPermissions": [{"IpProtocol": "tcp", "FromPort": 3389,
    "ToPort": 3389, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]}}]
]], [[
resource "aws_security_group" "fire" {
  ingress {
    protocol    = "tcp"
    from_port   = 3389
    to_port     = 3389
    cidr_blocks = ["0.0.0.0/0"]
  }
}]] },
    pass = { live [[
[{"type": "aws:ec2:security-group", "name": "dont_fire",
  "body": {"GroupId": "sg-1", "Description": "web servers", "IpPermissions": [{"IpProtocol": "tcp", "FromPort": 3389,
    "ToPort": 3389, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}]}}]
]], [[
resource "aws_security_group" "dont_fire" {
  ingress {
    protocol    = "tcp"
    from_port   = 3389
    to_port     = 3389
    cidr_blocks = ["10.0.0.0/8"]
  }
}]] },
    unknown = { [[
variable "port" { type = number }
resource "aws_security_group_rule" "a" {
  security_group_id = "sg-1"
  type              = "ingress"
  protocol          = "tcp"
  from_port         = var.port
  to_port           = var.port
  cidr_blocks       = ["0.0.0.0/0"]
}]] },
  },
}
