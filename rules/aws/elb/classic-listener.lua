local weak = {}
for _, name in ipairs { "2011-08", "2014-01", "2014-10", "2015-02", "2015-03", "2015-05", "2016-08", "TLS-1-0-2015-04", "TLS-1-1-2017-01",
  "Default" } do
  weak["ELBSecurityPolicy-" .. name] = true
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

-- What a listener is, in Terraform's words.
local function live_listener(description)
  local l = description.Listener
  return { at = description, instance_protocol = l.InstanceProtocol, ssl_certificate_id = l.SSLCertificateId }
end

return rule {
  id = "AWS-ELB-003", title = "Classic load balancer uses plain or weak listeners",
  severity = "high", category = "encryption",
  version = 2, changes = { "judged on live answers too" },
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
        return each(list(e.raw.ListenerDescriptions), function(d) return listener(e, live_listener(d), d) end)
      end
      return each(list(e.raw.listener), function(l) return listener(e, l, l) end)
    end
    return each(list(e.raw.policy_attribute), function(a)
      local old = one_of(a.name, "Protocol-SSLv3", "Protocol-TLSv1", "Protocol-TLSv1.1") and one_of(a.value, "true", true)
      if old or (a.name == "Reference-Security-Policy" and weak[a.value]) then
        return fail("policy " .. e.name .. " allows TLS below 1.2", { case = "policy", at = a })
      end
    end)
  end,
  tests = {
    fail = { [[
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
    pass = { [[
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
    unknown = { [[
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
