return rule {
  id = "AWS-VPC-002", title = "Default security group lets traffic through",
  severity = "medium", category = "network",
  aliases = { "CKV2_AWS_12", "AVD-AWS-0173" },
  frameworks = { "CIS-AWS-3.0:5.4", "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6",
    "ISO27001-2022:A.8.20" },
  for_each = "aws.vpc",
  where = function(e) return e.origin ~= "live" end,
  description = [[What is launched without a group lands in the default group of its VPC, whose members may all talk to each other
and to the world. Taken over by `aws_default_security_group` without rules, it lets nothing through.]],
  remediation = [[Add an `aws_default_security_group` for the VPC without `ingress` and `egress`.]],
  references = { "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/default_security_group" },
  check = function(e)
    local groups = e:satellites("default_group")
    if #groups == 0 then return fail("the default security group of VPC " .. e.name .. " is not managed and lets traffic through") end
    return each(groups, function(group)
      for _, direction in ipairs { "ingress", "egress" } do
        local rules = list(group.raw[direction])
        if #rules > 0 then
          return fail("the default security group of VPC " .. e.name .. " has an " .. direction .. " rule", { at = rules[1] })
        end
      end
      local rules = group:satellites("rule")
      if #rules > 0 then
        return fail("the default security group of VPC " .. e.name .. " has a rule of its own", { at = rules[1] })
      end
    end)
  end,
  tests = {
    fail = { [[resource "aws_vpc" "fire" { cidr_block = "10.0.0.0/16" }]], [[
resource "aws_vpc" "fire" { cidr_block = "10.0.0.0/16" }
resource "aws_default_security_group" "d" {
  vpc_id = aws_vpc.fire.id
  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
}]] },
    pass = { [[
resource "aws_vpc" "dont_fire" { cidr_block = "10.0.0.0/16" }
resource "aws_default_security_group" "d" { vpc_id = aws_vpc.dont_fire.id }]] },
    unknown = { [[
variable "vpc" {}
resource "aws_vpc" "a" { cidr_block = "10.0.0.0/16" }
resource "aws_default_security_group" "d" { vpc_id = var.vpc }]] },
  },
}
