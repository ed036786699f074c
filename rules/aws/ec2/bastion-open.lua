local sg = lib "sg"
local tags = lib "tags"

local function bastion(e)
  return tags.mention(e, "(?i)bastion|jump")
end

return rule {
  id = "AWS-EC2-014", title = "Bastion host accepts sessions from everywhere",
  severity = "high", category = "network",
  frameworks = { "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6", "ISO27001-2022:A.8.20" },
  for_each = "aws.ec2.instance",
  where = function(e) return e.origin ~= "live" and bastion(e) end,
  description = [[A bastion is the door to the inner network; it should open for the office and the VPN only. Their ranges may stand
in the parameter `office_networks`.]],
  remediation = [[Limit the inbound rules of its security group to the office's and the VPN's networks.]],
  references = { "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html" },
  check = function(e)
    local groups = e:targets(e.raw.vpc_security_group_ids)
    for _, group in ipairs(e:targets(e.raw.security_groups)) do groups[#groups + 1] = group end
    if #groups == 0 then unknown("the security groups of the bastion are not in the scan") end
    return each(groups, function(group)
      if group.kind ~= "aws.ec2.security_group" then return end
      local holders = group:satellites("rule")
      holders[#holders + 1] = group
      return each(holders, function(holder)
        return each(sg.rules(holder, "ingress"), function(rule)
          local world = sg.open(rule, function() return true end)
          if world then
            return fail("bastion " .. e.name .. " lets " .. world .. " in on " .. sg.span(rule),
              { at = e, evidence = { { rule.at, "the rule" } } })
          end
        end)
      end)
    end)
  end,
  tests = {
    fail = { [[
resource "aws_security_group" "b" {
  ingress {
    protocol    = "tcp"
    from_port   = 2222
    to_port     = 2222
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_instance" "fire" {
  vpc_security_group_ids = [aws_security_group.b.id]
  tags                   = { Name = "bastion" }
}]] },
    pass = { [[
resource "aws_security_group" "b" {
  ingress {
    protocol    = "tcp"
    from_port   = 22
    to_port     = 22
    cidr_blocks = ["192.0.2.0/24"]
  }
}
resource "aws_instance" "dont_fire" {
  vpc_security_group_ids = [aws_security_group.b.id]
  tags                   = { Name = "bastion" }
}]] },
    unknown = { [[
resource "aws_instance" "a" {
  tags = { Name = "bastion" }
}]] },
  },
}
