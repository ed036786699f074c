-- What refers to a group without being protected by it.
local beside = {
  aws_security_group = true, aws_security_group_rule = true, aws_vpc_security_group_ingress_rule = true,
  aws_vpc_security_group_egress_rule = true, aws_default_security_group = true,
}

return rule {
  id = "AWS-SG-008", title = "Group is attached to nothing",
  severity = "info", category = "hygiene",
  aliases = { "CKV2_AWS_5" },
  frameworks = { "NIST-800-53r5:CM-6", "PCI-DSS-4.0:2.2.1", "SOC2:CC8.1", "ISO27001-2022:A.8.9" },
  for_each = "aws.ec2.security_group",
  -- Code only: groups are shared with accounts whose interfaces the owner does not see (AWS RAM, shared VPCs), so what an
  -- account answers never proves that nothing uses one.
  where = function(e) return e.type == "aws_security_group" end,
  description = [[A group that nothing uses is a leftover that someone may attach without reading it.]],
  remediation = [[Remove the group, or attach it.]],
  references = { "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html" },
  -- A group whose id leaves its module or the root as an output may be used elsewhere.
  check = function(e)
    for _, user in ipairs(e:edges_to("references")) do
      if not beside[user.type] then return end
    end
    if e.space ~= "" then unknown("the group belongs to a module and may be used by its callers") end
    return fail("nothing uses security group " .. e.name)
  end,
  tests = {
    fail = { [[resource "aws_security_group" "fire" {}]] },
    pass = { [[
resource "aws_security_group" "dont_fire" {}
resource "aws_instance" "web" { vpc_security_group_ids = [aws_security_group.dont_fire.id] }]] },
    unknown = { files {
      ["main.tf"] = [[module "network" { source = "./network" }]],
      ["network/main.tf"] = [[resource "aws_security_group" "unsure" {}]],
    } },
  },
}
