return rule {
  id = "AWS-VPC-009", title = "Network ACL protects no subnet",
  severity = "low", category = "hygiene",
  aliases = { "CKV2_AWS_1" },
  frameworks = { "NIST-800-53r5:CM-6", "PCI-DSS-4.0:2.2.1", "SOC2:CC8.1", "ISO27001-2022:A.8.9" },
  for_each = "aws.vpc.network_acl",
  where = function(e) return e.type == "aws_network_acl" end,
  description = [[A network ACL without subnets protects nothing, though it looks as if it did.]],
  remediation = [[Set `subnet_ids`, or add an `aws_network_acl_association`.]],
  references = { "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-network-acls.html" },
  check = function(e)
    local subnets = e.raw.subnet_ids
    if subnets ~= nil and #subnets > 0 then return end
    if #e:satellites("association") > 0 then return end
    return fail("network ACL " .. e.name .. " is associated with no subnet")
  end,
  tests = {
    fail = { [[resource "aws_network_acl" "fire" { vpc_id = "vpc-1" }]] },
    pass = { [[
resource "aws_network_acl" "dont_fire" {
  vpc_id     = "vpc-1"
  subnet_ids = ["subnet-1"]
}]] },
    unknown = { [[
variable "subnets" { type = list(string) }
resource "aws_network_acl" "a" {
  vpc_id     = "vpc-1"
  subnet_ids = var.subnets
}]] },
  },
}
