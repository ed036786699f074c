local function missing(text)
  return text == nil or text == "" or text == "Managed by Terraform"
end

return rule {
  id = "AWS-SG-007", title = "Group or rule has no description",
  severity = "low", category = "hygiene",
  aliases = {
    "CKV_AWS_23", ["AVD-AWS-0099"] = "group", ["AVD-AWS-0124"] = { "rule", "inline" }, ["AVD-AWS-0049"] = "cache", ["AVD-AWS-0083"] = "redshift",
  },
  frameworks = { "NIST-800-53r5:CM-6", "PCI-DSS-4.0:2.2.1", "SOC2:CC8.1", "ISO27001-2022:A.8.9" },
  for_each = { "aws.ec2.security_group", "aws.ec2.security_group_rule", "aws.ec2.classic_security_group" },
  where = function(e) return e.type ~= "aws_default_security_group" end,
  description = [[Who reviews a rule needs to know what it is for. "Managed by Terraform" is the provider's default and says
nothing.]],
  remediation = [[Set `description` on the group and on each rule.]],
  references = { "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/security_group" },
  -- CKV_AWS_23 fails for the group where one of its rules has none.
  check = function(e)
    if e.kind ~= "aws.ec2.security_group" then
      local case = e.type == "aws_elasticache_security_group" and "cache" or e.type == "aws_redshift_security_group" and "redshift"
        or e.kind == "aws.ec2.security_group_rule" and "rule" or "group"
      if missing(e.description) then
        return fail((case == "rule" and "rule " or "security group ") .. e.name .. " has no description", { case = case })
      end
      return
    end
    local places = { "group" }
    for _, direction in ipairs { "ingress", "egress" } do
      for _, rule in ipairs(list(e.raw[direction])) do places[#places + 1] = rule end
    end
    return each(places, function(place)
      if place == "group" then
        if missing(e.description) then
          return fail("security group " .. e.name .. " has no description", { case = "group", at = "description" })
        end
      elseif missing(place.description) then
        return fail("a rule of security group " .. e.name .. " has no description", { case = "inline", at = place })
      end
    end)
  end,
  tests = {
    fail = { live [[
[{"type": "aws:ec2:security-group", "name": "fire", "body": {"Description": ""}}]
]], [[resource "aws_security_group" "fire" {}]], [[
resource "aws_security_group" "fire" {
  description = "web servers"
  ingress {
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = ["0.0.0.0/0"]
  }
}]] },
    pass = { live [[
[{"type": "aws:ec2:security-group", "name": "dont_fire", "body": {"Description": "web servers"}}]
]], [[
resource "aws_security_group" "dont_fire" {
  description = "web servers"
  ingress {
    description = "HTTPS from anywhere"
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = ["0.0.0.0/0"]
  }
}]] },
    unknown = { [[
variable "text" {}
resource "aws_security_group" "a" { description = var.text }]] },
  },
}
