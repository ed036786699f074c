local sg = lib "sg"

-- Load balancers in front of which the group stands and whose listener on port 80 only redirects.
local function redirects(e)
  local groups = { e }
  if e.kind ~= "aws.ec2.security_group" then groups = e:targets(e.raw.security_group_id) end
  for _, group in ipairs(groups) do
    for _, user in ipairs(group:edges_to("references")) do
      if one_of(user.type, "aws_lb", "aws_alb") then
        for _, listener in ipairs(user:edges_to("references")) do
          local action = one_of(listener.type, "aws_lb_listener", "aws_alb_listener") and listener.raw.default_action
          if action and tostring(listener.raw.port) == "80" and action.type == "redirect" then return true end
        end
      end
    end
  end
  return false
end

return rule {
  id = "AWS-SG-003", title = "Inbound plain HTTP is open to the world",
  severity = "medium", category = "network",
  aliases = { "CKV_AWS_260" },
  frameworks = { "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6", "ISO27001-2022:A.8.20" },
  for_each = { "aws.ec2.security_group", "aws.ec2.security_group_rule" },
  description = [[Plain HTTP can be read and changed on its way. A load balancer that only redirects to HTTPS may have port 80
open.]],
  remediation = [[Open 443 instead, or let a load balancer redirect.]],
  references = { "https://docs.aws.amazon.com/vpc/latest/userguide/vpc-security-groups.html" },
  check = function(e)
    local found = sg.judge(e, { 80 }, function() return "plain HTTP (80)" end)
    if #found > 0 and redirects(e) then return end
    return found
  end,
  tests = {
    fail = { live [[
[{"type": "aws:ec2:security-group", "name": "fire",
  "body": {"GroupId": "sg-1", "Description": "web servers", "IpPermissions": [{"IpProtocol": "tcp", "FromPort": 80,
    "ToPort": 80, "IpRanges": [{"CidrIp": "0.0.0.0/0"}]}]}}]
]], [[
resource "aws_security_group" "fire" {
  ingress {
    protocol    = "tcp"
    from_port   = 80
    to_port     = 80
    cidr_blocks = ["0.0.0.0/0"]
  }
}]] },
    pass = { live [[
[{"type": "aws:ec2:security-group", "name": "dont_fire",
  "body": {"GroupId": "sg-1", "Description": "web servers", "IpPermissions": [{"IpProtocol": "tcp", "FromPort": 80,
    "ToPort": 80, "IpRanges": [{"CidrIp": "10.0.0.0/8"}]}]}}]
]], [[
resource "aws_security_group" "dont_fire" {
  ingress {
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = ["0.0.0.0/0"]
  }
}]], [[
resource "aws_security_group" "dont_fire" {
  ingress {
    protocol    = "tcp"
    from_port   = 80
    to_port     = 80
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_lb" "web" { security_groups = [aws_security_group.dont_fire.id] }
resource "aws_lb_listener" "http" {
  load_balancer_arn = aws_lb.web.arn
  port              = 80
  default_action {
    type = "redirect"
    redirect {
      port        = "443"
      protocol    = "HTTPS"
      status_code = "HTTP_301"
    }
  }
}]] },
    unknown = { [[
variable "net" {}
resource "aws_security_group_rule" "a" {
  security_group_id = "sg-1"
  type              = "ingress"
  protocol          = "tcp"
  from_port         = 80
  to_port           = 80
  cidr_blocks       = [var.net]
}]] },
  },
}
