local nacl = lib "nacl"

local cases = { { 20, "ftp-data" }, { 21, "ftp" }, { 22, "ssh" }, { 3389, "rdp" } }

return rule {
  id = "AWS-VPC-010", title = "Network ACL opens administration ports or every port to the world",
  severity = "high", category = "network",
  aliases = {
    CKV_AWS_229 = "ftp", CKV_AWS_230 = "ftp-data", CKV_AWS_231 = "rdp", CKV_AWS_232 = "ssh", CKV_AWS_352 = "all",
    ["AVD-AWS-0102"] = "all", ["AVD-AWS-0105"] = "ssh",
  },
  frameworks = { "CIS-AWS-3.0:5.1", "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6",
    "ISO27001-2022:A.8.20" },
  for_each = { "aws.vpc.network_acl", "aws.vpc.network_acl_rule" },
  description = [[The network ACL is the second wall behind the security groups. Entries count in the order of their numbers: a Deny
that comes first keeps what follows shut.]],
  -- An entry for all protocols takes every port, whatever ports it names: CKV_AWS_352 reads those.
  remediation = [[Limit the entry to the networks and ports that are needed.]],
  references = { "https://docs.aws.amazon.com/vpc/latest/userguide/nacl-rules.html" },
  check = function(e)
    local all = nacl.opens(e)
    local n = 0
    local found = each(cases, function(case)
      local entry = nacl.opens(e, case[1])
      if not entry then return end
      n = n + 1
      return fail("network ACL " .. e.name .. " lets " .. entry.cidr .. " in on port " .. case[1], { case = case[2], at = entry.at })
    end)
    if not all then return found end
    local message = "network ACL " .. e.name .. " lets " .. all.cidr .. " in on every port"
    -- An entry for every port stands for all of the cases at once, unless one before it denies some of them.
    if n == #cases then return fail(message, { at = all.at }) end
    found[#found + 1] = fail(message .. " that no entry denies", { case = "all", at = all.at })
    return found
  end,
  tests = {
    fail = { live [[
[{"type": "aws:ec2:network-acl", "name": "fire",
  "body": {"Entries": [{"Egress": false, "RuleNumber": 100, "Protocol": "6", "RuleAction": "allow",
    "CidrBlock": "0.0.0.0/0", "PortRange": {"From": 22, "To": 22}}]}}]
]], [[
resource "aws_network_acl" "fire" {
  ingress {
    rule_no    = 100
    action     = "allow"
    protocol   = "tcp"
    from_port  = 20
    to_port    = 25
    cidr_block = "0.0.0.0/0"
  }
}]] },
    pass = { live [[
[{"type": "aws:ec2:network-acl", "name": "dont_fire",
  "body": {"Entries": [{"Egress": false, "RuleNumber": 100, "Protocol": "6", "RuleAction": "allow",
    "CidrBlock": "10.0.0.0/8", "PortRange": {"From": 22, "To": 22}}]}}]
]], [[
resource "aws_network_acl" "dont_fire" {
  ingress {
    rule_no    = 200
    action     = "allow"
    protocol   = "tcp"
    from_port  = 1024
    to_port    = 3000
    cidr_block = "0.0.0.0/0"
  }
  ingress {
    rule_no    = 100
    action     = "deny"
    protocol   = "-1"
    from_port  = 0
    to_port    = 0
    cidr_block = "0.0.0.0/0"
  }
  ingress {
    rule_no    = 300
    action     = "allow"
    protocol   = "-1"
    from_port  = 0
    to_port    = 0
    cidr_block = "0.0.0.0/0"
  }
}]] },
    unknown = { [[
variable "net" {}
resource "aws_network_acl_rule" "a" {
  network_acl_id = "acl-1"
  rule_number    = 100
  rule_action    = "allow"
  protocol       = "tcp"
  from_port      = 22
  to_port        = 22
  cidr_block     = var.net
}]] },
  },
}
