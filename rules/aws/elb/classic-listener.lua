local weak = {}
for _, name in ipairs { "2011-08", "2014-01", "2014-10", "2015-02", "2015-03", "2015-05", "2016-08", "TLS-1-0-2015-04", "TLS-1-1-2017-01",
  "Default" } do
  weak["ELBSecurityPolicy-" .. name] = true
end

local function listener(e, l)
  local found = {}
  local protocol = known(l.instance_protocol) and l.instance_protocol
  if protocol and one_of(lower(protocol), "http", "tcp") then
    found[1] = fail("a listener of " .. e.name .. " sends plain " .. upper(protocol) .. " to its instances", { case = "plain", at = l })
  end
  -- A certificate that is computed is set.
  if known(l.ssl_certificate_id) and (l.ssl_certificate_id == nil or l.ssl_certificate_id == "") then
    found[#found + 1] = fail("a listener of " .. e.name .. " has no certificate", { case = "certificate", at = l })
  end
  if #found == 0 and l.instance_protocol == nil then return end -- ends the check where it is not known
  return found
end

return rule {
  id = "AWS-ELB-003", title = "Classic load balancer uses plain or weak listeners",
  severity = "high", category = "encryption",
  aliases = { CKV_AWS_127 = "certificate", CKV_AWS_376 = "plain", CKV_AWS_213 = "policy" },
  frameworks = { "NIST-800-53r5:SC-8", "PCI-DSS-4.0:4.2.1", "SOC2:CC6.7", "ISO27001-2022:A.8.24" },
  for_each = { "aws.elb.classic", "aws.elb.classic_policy" },
  where = function(e) return e.origin ~= "live" end,
  description = [[What goes over plain HTTP or TCP, or over outdated TLS, can be read and changed on its way.]],
  remediation = [[Use `https` or `ssl` with a managed certificate on both sides, and the policy
`ELBSecurityPolicy-TLS-1-2-2017-01`.]],
  references = { "https://docs.aws.amazon.com/elasticloadbalancing/latest/classic/elb-security-policy-table.html" },
  check = function(e)
    if e.kind == "aws.elb.classic" then
      return each(list(e.raw.listener), function(l) return listener(e, l) end)
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
}]] },
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
}]] },
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
}]] },
  },
}
