return rule {
  id = "AWS-ELB-009", title = "Public application load balancer has no firewall",
  severity = "medium", category = "network",
  aliases = { "CKV2_AWS_28" },
  frameworks = { "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6", "ISO27001-2022:A.8.20" },
  for_each = "aws.elb.load_balancer",
  where = function(e) return e.layer == "application" end,
  description = [[A web ACL turns common attacks away before they reach the application.]],
  remediation = [[Add an `aws_wafv2_web_acl_association` with the load balancer's ARN.]],
  references = { "https://docs.aws.amazon.com/waf/latest/developerguide/waf-chapter.html" },
  check = function(e)
    if e.internal then return end
    if e.origin == "live" then
      if e.raw.WebACL ~= nil then return end
      return fail("load balancer " .. e.name .. " has no web ACL")
    end
    if #e:satellites("firewall") > 0 or #e:satellites("regional_firewall") > 0 then return end
    return fail("load balancer " .. e.name .. " has no web ACL")
  end,
  tests = {
    fail = { live [[
[{"type": "aws:elasticloadbalancing:loadbalancer", "name": "fire",
  "body": {"LoadBalancerName": "fire", "Type": "application", "Scheme": "internet-facing"}}]
]], [[resource "aws_lb" "fire" { name = "fire" }]], [[
resource "aws_lb" "fire" { name = "fire" }
resource "aws_api_gateway_stage" "s" { stage_name = "v1" }
resource "aws_wafv2_web_acl_association" "other" {
  resource_arn = aws_api_gateway_stage.s.arn
  web_acl_arn  = "arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/w/1"
}]] },
    pass = { live [[
[{"type": "aws:elasticloadbalancing:loadbalancer", "name": "dont_fire",
  "body": {"LoadBalancerName": "dont_fire", "Type": "application", "Scheme": "internet-facing", "WebACL": {"ARN": "arn:w"}}},
 {"type": "aws:elasticloadbalancing:loadbalancer", "name": "dont_fire_internal",
  "body": {"LoadBalancerName": "dont_fire_internal", "Type": "application", "Scheme": "internal"}}]
]], [[
resource "aws_lb" "dont_fire" { name = "dont-fire" }
resource "aws_wafv2_web_acl" "w" { name = "w" }
resource "aws_wafv2_web_acl_association" "x" {
  resource_arn = aws_lb.dont_fire.arn
  web_acl_arn  = aws_wafv2_web_acl.w.arn
}
resource "aws_lb" "dont_fire_internal" { internal = true }]] },
    unknown = { live [[
[{"type": "aws:elasticloadbalancing:loadbalancer", "name": "a",
  "body": {"LoadBalancerName": "a", "Type": "application", "Scheme": "internet-facing"}, "unknown": {"WebACL": "AccessDenied"}}]
]], [[
variable "arn" {}
resource "aws_lb" "a" { name = "a" }
resource "aws_wafv2_web_acl_association" "x" {
  resource_arn = var.arn
  web_acl_arn  = "arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/w/1"
}]] },
  },
}
