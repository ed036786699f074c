local sg = lib "sg"

local names = {
  [5432] = "PostgreSQL", [3306] = "MySQL", [27017] = "MongoDB", [6379] = "Redis", [9042] = "Cassandra", [8086] = "InfluxDB",
  [9092] = "Kafka", [9200] = "Elasticsearch", [9090] = "Prometheus",
}
local ports = { 5432, 3306, 27017, 6379, 9042, 8086, 9092, 9200, 9090 }

return rule {
  id = "AWS-SG-005", title = "Data store port is open to the world",
  severity = "critical", category = "network",
  frameworks = { "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6", "ISO27001-2022:A.8.20" },
  for_each = { "aws.ec2.security_group", "aws.ec2.security_group_rule" },
  description = [[Databases, caches, queues and metrics are made for trusted networks; many ask for no password at all.]],
  remediation = [[Let in the security group of the application instead of the world.]],
  references = { "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html" },
  -- A rule for every port is reported as such, not once more for each store.
  check = function(e)
    return each(sg.rules(e, "ingress"), function(rule)
      local hit
      local world = sg.open(rule, function(r)
        if sg.takes_all(r) then return false end
        for _, port in ipairs(ports) do
          if sg.takes(r, port) then
            hit = port
            return true
          end
        end
        return false
      end)
      if world then
        return fail(sg.name(e) .. " lets " .. world .. " in on " .. sg.span(rule) .. ", and so to " .. names[hit] .. " (" .. hit .. ")",
          { at = rule.at })
      end
    end)
  end,
  tests = {
    fail = { live [[
[{"type": "aws:ec2:security-group", "name": "fire",
  "body": {"GroupId": "sg-1", "Description": "web servers", "IpPermissions": [{"IpProtocol": "tcp", "FromPort": 5432,
    "ToPort": 5432, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]}}]
]], live [[
[{"type": "aws:ec2:security-group", "name": "fire",
  "body": {"GroupId": "sg-1", "Description": "web servers", "IpPermissions": [{"IpProtocol": "tcp", "FromPort": 5000,
    "ToPort": 6000, "IpRanges": [{"CidrIp": "128.0.0.0/1"}, {"CidrIp": "0.0.0.0/1"}]}]}}]
]], [[
resource "aws_security_group" "fire" {
  ingress {
    protocol         = "tcp"
    from_port        = 5432
    to_port          = 5432
    cidr_blocks      = ["10.0.0.0/8"]
    ipv6_cidr_blocks = ["8000::/1", "::/1"]
  }
}]], [[
resource "aws_security_group" "fire" {
  ingress {
    protocol    = "tcp"
    from_port   = 5432
    to_port     = 5432
    cidr_blocks = ["0.0.0.0/0"]
  }
}]] },
    pass = { live [[
[{"type": "aws:ec2:security-group", "name": "dont_fire",
  "body": {"GroupId": "sg-1", "Description": "web servers", "IpPermissions": [{"IpProtocol": "tcp", "FromPort": 5432,
    "ToPort": 5432, "IpRanges": [{"CidrIp": "0.0.0.0/1"}, {"CidrIp": "192.0.0.0/2"}, {"CidrIp": "10.0.0.0/8"}]}]}}]
]], live [[
[{"type": "aws:ec2:security-group", "name": "dont_fire",
  "body": {"GroupId": "sg-1", "Description": "web servers", "IpPermissions": [{"IpProtocol": "tcp", "FromPort": 5432,
    "ToPort": 5432, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}]}}]
]], [[
resource "aws_security_group" "dont_fire" {
  ingress {
    protocol        = "tcp"
    from_port       = 5432
    to_port         = 5432
    security_groups = ["sg-2"]
  }
}]] },
    unknown = { [[
variable "net" {}
resource "aws_security_group_rule" "a" {
  security_group_id = "sg-1"
  type              = "ingress"
  protocol          = "tcp"
  from_port         = 6379
  to_port           = 6379
  cidr_blocks       = [var.net]
}]] },
  },
}
