local weak = {}
for _, name in ipairs { "2011-08", "2014-01", "2014-10", "2015-02", "2015-03", "2015-05", "2016-08", "TLS-1-0-2015-04", "TLS-1-1-2017-01",
  "Default" } do
  weak["ELBSecurityPolicy-" .. name] = true
end

local function is_weak(name, value)
  local old = one_of(name, "Protocol-SSLv3", "Protocol-TLSv1", "Protocol-TLSv1.1") and one_of(value, "true", true)
  return old or name == "Reference-Security-Policy" and weak[value]
end

local function listener(e, l, at)
  local found = {}
  local protocol = known(l.instance_protocol) and l.instance_protocol
  if protocol and one_of(lower(protocol), "http", "tcp") then
    found[1] = fail("a listener of " .. e.name .. " sends plain " .. upper(protocol) .. " to its instances", { case = "plain", at = at })
  end
  -- A certificate that is computed is set.
  if known(l.ssl_certificate_id) and (l.ssl_certificate_id == nil or l.ssl_certificate_id == "") then
    found[#found + 1] = fail("a listener of " .. e.name .. " has no certificate", { case = "certificate", at = at })
  end
  if #found == 0 and l.instance_protocol == nil then return end -- ends the check where it is not known
  return found
end

-- In Terraform's words.
local function live_listener(e, description)
  local l = description.Listener
  return listener(e, { instance_protocol = l.InstanceProtocol, ssl_certificate_id = l.SSLCertificateId }, description)
end

-- The policy that a listener negotiates by: one that is used by none does no harm.
local function live_policy(e, description)
  return each(list(description.PolicyNames), function(name)
    return each(list(e.raw.PolicyDescriptions), function(p)
      if p.PolicyName ~= name or p.PolicyTypeName ~= "SSLNegotiationPolicyType" then return end
      for _, a in ipairs(list(p.PolicyAttributeDescriptions)) do
        if is_weak(a.AttributeName, a.AttributeValue) then
          return fail("policy " .. name .. " of " .. e.name .. " allows TLS below 1.2", { case = "policy", at = a })
        end
      end
    end)
  end)
end

return rule {
  id = "AWS-ELB-003", title = "Classic load balancer uses plain or weak listeners",
  severity = "high", category = "encryption",
  version = 3, changes = { "judged on live answers too", "policies of live listeners are judged" },
  aliases = { CKV_AWS_127 = "certificate", CKV_AWS_376 = "plain", CKV_AWS_213 = "policy" },
  frameworks = { "NIST-800-53r5:SC-8", "PCI-DSS-4.0:4.2.1", "SOC2:CC6.7", "ISO27001-2022:A.8.24" },
  for_each = { "aws.elb.classic", "aws.elb.classic_policy" },
  description = [[What goes over plain HTTP or TCP, or over outdated TLS, can be read and changed on its way.]],
  remediation = [[Use `https` or `ssl` with a managed certificate on both sides, and the policy
`ELBSecurityPolicy-TLS-1-2-2017-01`.]],
  references = { "https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/elb-security-policy-table.html" },
  check = function(e)
    if e.kind == "aws.elb.classic" then
      if e.origin == "live" then
        return each(list(e.raw.ListenerDescriptions), function(d)
          return each({ live_listener, live_policy }, function(judge) return judge(e, d) end)
        end)
      end
      return each(list(e.raw.listener), function(l) return listener(e, l, l) end)
    end
    return each(list(e.raw.policy_attribute), function(a)
      if is_weak(a.name, a.value) then
        return fail("policy " .. e.name .. " allows TLS below 1.2", { case = "policy", at = a })
      end
    end)
  end,
  tests = {
    fail = { live [[
[{"type": "aws:elasticloadbalancing:classic", "name": "fire", "body": {"LoadBalancerName": "fire",
  "ListenerDescriptions": [{"PolicyNames": ["ELBSecurityPolicy-2016-08"], "Listener": {"Protocol": "HTTPS", "LoadBalancerPort": 443,
    "InstanceProtocol": "HTTPS", "InstancePort": 443, "SSLCertificateId": "arn:aws:acm:eu-west-1:1:certificate/c"}}],
  "PolicyDescriptions": [{"PolicyName": "ELBSecurityPolicy-2016-08", "PolicyTypeName": "SSLNegotiationPolicyType",
    "PolicyAttributeDescriptions": [{"AttributeName": "Protocol-TLSv1", "AttributeValue": "true"}]}]}}]
]], [[
resource "aws_elb" "fire" {
  listener {
    instance_port     = 80
    instance_protocol = "http"
    lb_port           = 80
    lb_protocol       = "http"
  }
}]], [[
resource "aws_load_balancer_policy" "fire" {
  load_balancer_name = "lb"
  policy_name        = "p"
  policy_type_name   = "SSLNegotiationPolicyType"
  policy_attribute {
    name  = "Protocol-TLSv1"
    value = "true"
  }
}]], live [[
[{"type": "aws:elasticloadbalancing:classic", "name": "fire", "body": {"LoadBalancerName": "fire", "ListenerDescriptions": [{"Listener": {"Protocol": "HTTP", "LoadBalancerPort": 80, "InstanceProtocol": "HTTP", "InstancePort": 80}}]}}]
]] },
    pass = { live [[
[{"type": "aws:elasticloadbalancing:classic", "name": "dont_fire", "body": {"LoadBalancerName": "dont_fire",
  "ListenerDescriptions": [{"PolicyNames": ["strict", "sticky"], "Listener": {"Protocol": "HTTPS", "LoadBalancerPort": 443,
    "InstanceProtocol": "HTTPS", "InstancePort": 443, "SSLCertificateId": "arn:aws:acm:eu-west-1:1:certificate/c"}}],
  "PolicyDescriptions": [
    {"PolicyName": "strict", "PolicyTypeName": "SSLNegotiationPolicyType", "PolicyAttributeDescriptions": [
      {"AttributeName": "Protocol-TLSv1", "AttributeValue": "false"}, {"AttributeName": "Protocol-TLSv1.2", "AttributeValue": "true"}]},
    {"PolicyName": "sticky", "PolicyTypeName": "LBCookieStickinessPolicyType", "PolicyAttributeDescriptions": []},
    {"PolicyName": "unused", "PolicyTypeName": "SSLNegotiationPolicyType", "PolicyAttributeDescriptions": [
      {"AttributeName": "Protocol-TLSv1", "AttributeValue": "true"}]}]}}]
]], [[
resource "aws_elb" "dont_fire" {
  listener {
    instance_port      = 443
    instance_protocol  = "https"
    lb_port            = 443
    lb_protocol        = "https"
    ssl_certificate_id = "arn:aws:acm:eu-west-1:123456789012:certificate/c"
  }
}
resource "aws_load_balancer_policy" "dont_fire" {
  load_balancer_name = "lb"
  policy_name        = "p"
  policy_type_name   = "SSLNegotiationPolicyType"
  policy_attribute {
    name  = "Reference-Security-Policy"
    value = "ELBSecurityPolicy-TLS-1-2-2017-01"
  }
}]], live [[
[{"type": "aws:elasticloadbalancing:classic", "name": "dont_fire", "body": {"LoadBalancerName": "dont_fire", "ListenerDescriptions": [{"Listener": {"Protocol": "HTTPS", "LoadBalancerPort": 443, "InstanceProtocol": "HTTPS", "InstancePort": 443, "SSLCertificateId": "arn:aws:acm:eu-west-1:1:certificate/c"}}]}}]
]] },
    unknown = { live [[
[{"type": "aws:elasticloadbalancing:classic", "name": "unsure", "body": {"LoadBalancerName": "unsure",
  "ListenerDescriptions": [{"PolicyNames": ["p"], "Listener": {"Protocol": "HTTPS", "LoadBalancerPort": 443, "InstanceProtocol": "HTTPS",
    "InstancePort": 443, "SSLCertificateId": "arn:aws:acm:eu-west-1:1:certificate/c"}}]}, "unknown": {"PolicyDescriptions": "AccessDenied"}}]
]], [[
variable "v" {}
resource "aws_load_balancer_policy" "a" {
  load_balancer_name = "lb"
  policy_name        = "p"
  policy_type_name   = "SSLNegotiationPolicyType"
  policy_attribute {
    name  = "Reference-Security-Policy"
    value = var.v
  }
}]], live [[
[{"type": "aws:elasticloadbalancing:classic", "name": "a", "body": {"LoadBalancerName": "a"}, "unknown": {"ListenerDescriptions": "AccessDenied"}}]
]] },
  },
}
