local lookup = lib "lookup"
local region = lib "region"

return rule {
  id = "AWS-VPC-001", title = "VPC has no flow log",
  severity = "medium", category = "logging",
  aliases = { "CKV2_AWS_11", "AVD-AWS-0178" },
  frameworks = { "CIS-AWS-3.0:3.7", "NIST-800-53r5:AU-2", "PCI-DSS-4.0:10.2.1", "SOC2:CC7.2",
    "ISO27001-2022:A.8.15" },
  for_each = "aws.vpc",
  where = function(e) return e.type == "aws_vpc" or e.origin == "live" end,
  description = [[Flow logs say who spoke with whom; without them an intruder's way through the network cannot be followed.]],
  remediation = [[Add an `aws_flow_log` for the VPC with `traffic_type = "ALL"` (or `REJECT`).]],
  references = { "https://docs.aws.amazon.com/vpc/latest/userguide/flow-logs.html" },
  check = function(e)
    local logs, accepted = e:satellites("flow_log"), nil
    if e.origin == "live" then
      for _, log in ipairs(lookup.by("aws.vpc.flow_log", "ResourceId", e.raw.VpcId)) do logs[#logs + 1] = log end
      if #logs == 0 and region.list(e, "FlowLogs") == nil then unknown("flow logs were not collected") end
    end
    for _, log in ipairs(logs) do
      if log.traffic ~= "ACCEPT" then return end
      accepted = log
    end
    if accepted then return fail("the flow log of VPC " .. e.name .. " records accepted traffic only", { at = accepted }) end
    return fail("VPC " .. e.name .. " has no flow log")
  end,
  tests = {
    fail = { live [[
[{"type": "aws:ec2:vpc", "name": "fire", "account": "123456789012", "region": "eu-west-1",
  "body": {"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16", "IsDefault": false}},
 {"type": "aws:account:region", "name": "eu-west-1", "account": "123456789012", "region": "eu-west-1", "body": {"Region": "eu-west-1", "Used": true, "FlowLogs": []}}]
]], live [[
[{"type": "aws:ec2:vpc", "name": "fire", "account": "123456789012", "region": "eu-west-1",
  "body": {"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16", "IsDefault": false}},
 {"type": "aws:ec2:vpc-flow-log", "name": "fl-1", "account": "123456789012", "region": "eu-west-1",
  "body": {"FlowLogId": "fl-1", "ResourceId": "vpc-1", "TrafficType": "ACCEPT", "FlowLogStatus": "ACTIVE"}}]
]], [[resource "aws_vpc" "fire" { cidr_block = "10.0.0.0/16" }]] },
    pass = { live [[
[{"type": "aws:ec2:vpc", "name": "dont_fire", "account": "123456789012", "region": "eu-west-1",
  "body": {"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16", "IsDefault": false}},
 {"type": "aws:ec2:vpc-flow-log", "name": "fl-1", "account": "123456789012", "region": "eu-west-1",
  "body": {"FlowLogId": "fl-1", "ResourceId": "vpc-1", "TrafficType": "REJECT", "FlowLogStatus": "ACTIVE"}}]
]], [[
resource "aws_vpc" "dont_fire" { cidr_block = "10.0.0.0/16" }
resource "aws_flow_log" "x" {
  vpc_id       = aws_vpc.dont_fire.id
  traffic_type = "ALL"
}]] },
    unknown = { live [[
[{"type": "aws:ec2:vpc", "name": "a", "account": "123456789012", "region": "eu-west-1",
  "body": {"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16", "IsDefault": false}}]
]], [[
variable "vpc" {}
resource "aws_vpc" "a" { cidr_block = "10.0.0.0/16" }
resource "aws_flow_log" "x" {
  vpc_id       = var.vpc
  traffic_type = "ALL"
}]] },
  },
}
