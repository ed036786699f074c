return rule {
  id = "AWS-VPC-009", title = "Network ACL protects no subnet",
  severity = "low", category = "hygiene",
  version = 2, changes = { "judged on live answers too" },
  aliases = { "CKV2_AWS_1" },
  frameworks = { "NIST-800-53r5:CM-6", "PCI-DSS-4.0:2.2.1", "SOC2:CC8.1", "ISO27001-2022:A.8.9" },
  for_each = "aws.vpc.network_acl",
  -- The default ACL of a VPC takes the subnets that have no other.
  where = function(e) return e.type == "aws_network_acl" or e.origin == "live" and e.raw.IsDefault ~= true end,
  description = [[A network ACL without subnets protects nothing, though it looks as if it did.]],
  remediation = [[Set `subnet_ids`, or add an `aws_network_acl_association`.]],
  references = { "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html" },
  check = function(e)
    if e.origin == "live" then
      if #list(e.raw.Associations) > 0 then return end
      return fail("network ACL " .. e.name .. " is associated with no subnet")
    end
    local subnets = e.raw.subnet_ids
    if subnets ~= nil and #subnets > 0 then return end
    if #e:satellites("association") > 0 then return end
    return fail("network ACL " .. e.name .. " is associated with no subnet")
  end,
  tests = {
    fail = { live [[
[{"type": "aws:ec2:network-acl", "name": "fire", "body": {"NetworkAclId": "acl-1", "IsDefault": false, "Associations": []}}]
]], [[resource "aws_network_acl" "fire" { vpc_id = "vpc-1" }]] },
    pass = { live [[
[{"type": "aws:ec2:network-acl", "name": "dont_fire",
  "body": {"NetworkAclId": "acl-2", "IsDefault": false, "Associations": [{"SubnetId": "subnet-1", "NetworkAclId": "acl-2"}]}},
 {"type": "aws:ec2:network-acl", "name": "default", "body": {"NetworkAclId": "acl-3", "IsDefault": true, "Associations": []}}]
]], [[
resource "aws_network_acl" "dont_fire" {
  vpc_id     = "vpc-1"
  subnet_ids = ["subnet-1"]
}]] },
    unknown = { live [[
[{"type": "aws:ec2:network-acl", "name": "unsure", "body": {"NetworkAclId": "acl-1", "IsDefault": false},
  "unknown": {"Associations": "not exported"}}]
]], [[
variable "subnets" { type = list(string) }
resource "aws_network_acl" "a" {
  vpc_id     = "vpc-1"
  subnet_ids = var.subnets
}]] },
  },
}
