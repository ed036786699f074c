return rule {
  id = "AWS-ELB-002", title = "Listener accepts outdated TLS or weak ciphers",
  severity = "high", category = "encryption",
  aliases = { CKV_AWS_103 = "version", ["AVD-AWS-0047"] = "version", CKV2_AWS_74 = "version" },
  frameworks = { "NIST-800-53r5:SC-8", "PCI-DSS-4.0:4.2.1", "SOC2:CC6.7", "ISO27001-2022:A.8.24" },
  for_each = "aws.elb.listener",
  where = function(e) return not known(e.protocol) or one_of(e.protocol, "HTTPS", "TLS") end,
  description = [[TLS below 1.2 and ciphers without forward secrecy or authentication let recorded or altered traffic be read.
Without a policy, the one of 2016 applies, which allows TLS 1.0.]],
  remediation = [[Set `ssl_policy = "ELBSecurityPolicy-TLS13-1-2-Res-2021-06"`.]],
  references = { "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/describe-ssl-policies.html" },
  check = function(e)
    local protocol, policy = e.protocol, e.policy
    if protocol == nil then return end
    if policy == nil or policy == "" then
      if e.origin == "live" then return end
      return fail("listener " .. e.name .. " has no TLS policy, so that TLS 1.0 is allowed", { case = "version", at = "policy" })
    end
    if not match(policy, "^ELBSecurityPolicy-(?:TLS|TLS13|FS)-1-[23]-") then
      return fail("policy " .. policy .. " of listener " .. e.name .. " allows TLS below 1.2", { case = "version", at = "policy" })
    end
    -- TLS-1-2 and the extended policies still take RSA key exchange; those of TLS13 and FS have ECDHE alone.
    if match(policy, "^ELBSecurityPolicy-TLS-1-2-|-Ext[0-9]*-") then
      return fail("policy " .. policy .. " of listener " .. e.name .. " allows ciphers without forward secrecy",
        { case = "ciphers", at = "policy", severity = "low" })
    end
  end,
  tests = {
    fail = { live [[
[{"type": "aws:elasticloadbalancing:listener", "name": "fire",
  "body": {"ListenerArn": "arn:l", "Protocol": "HTTPS", "Port": 443, "SslPolicy": "ELBSecurityPolicy-2016-08"}}]
]], live [[
[{"type": "aws:elasticloadbalancing:listener", "name": "fire",
  "body": {"ListenerArn": "arn:l", "Protocol": "HTTPS", "Port": 443, "SslPolicy": "ELBSecurityPolicy-TLS13-1-2-Ext1-2021-06"}}]
]], [[resource "aws_lb_listener" "fire" { protocol = "HTTPS" }]], [[
resource "aws_lb_listener" "fire" {
  protocol   = "TLS"
  ssl_policy = "ELBSecurityPolicy-TLS-1-1-2017-01"
}]] },
    pass = { live [[
[{"type": "aws:elasticloadbalancing:listener", "name": "dont_fire",
  "body": {"ListenerArn": "arn:l", "Protocol": "HTTPS", "Port": 443, "SslPolicy": "ELBSecurityPolicy-TLS13-1-2-Res-2021-06"}},
 {"type": "aws:elasticloadbalancing:listener", "name": "dont_fire_default",
  "body": {"ListenerArn": "arn:m", "Protocol": "HTTPS", "Port": 443, "SslPolicy": "ELBSecurityPolicy-TLS13-1-2-2021-06"}}]
]], [[
resource "aws_lb_listener" "dont_fire" {
  protocol   = "HTTPS"
  ssl_policy = "ELBSecurityPolicy-TLS13-1-2-Res-2021-06"
}
resource "aws_lb_listener" "dont_fire_plain" { protocol = "TCP" }]] },
    unknown = { [[
variable "p" {}
resource "aws_lb_listener" "a" {
  protocol   = "HTTPS"
  ssl_policy = var.p
}]] },
  },
}
