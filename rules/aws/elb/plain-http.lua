-- Whether a listener only sends clients on to HTTPS.
local function redirects(e)
  if e.origin == "live" then
    for _, action in ipairs(list(e.raw.DefaultActions)) do
      if action.RedirectConfig.Protocol == "HTTPS" then return true end
    end
    return false
  end
  for _, action in ipairs(list(e.raw.default_action)) do
    if action.type == "redirect" and action.redirect.protocol == "HTTPS" then return true end
  end
  return false
end

-- Listeners of the scan that send to a target group, all of them encrypted.
local function is_behind_tls(e)
  local n = 0
  for _, listener in ipairs(e:edges_to("references")) do
    if listener.kind == "aws.elb.listener" then
      n = n + 1
      if not one_of(listener.protocol, "HTTPS", "TLS") then return false end
    end
  end
  return n > 0
end

return rule {
  id = "AWS-ELB-001", title = "Listener speaks plain HTTP",
  severity = "high", category = "encryption",
  aliases = { CKV_AWS_2 = "listener", CKV_AWS_378 = "target", CKV2_AWS_20 = "listener", ["AVD-AWS-0054"] = "listener" },
  frameworks = { "NIST-800-53r5:SC-8", "PCI-DSS-4.0:4.2.1", "SOC2:CC6.7", "ISO27001-2022:A.8.24" },
  for_each = { "aws.elb.listener", "aws.elb.target_group" },
  description = [[What goes over plain HTTP can be read and changed on its way.]],
  remediation = [[Use HTTPS with a certificate; let port 80 redirect with `protocol = "HTTPS"`; use HTTPS towards the targets.]],
  references = { "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/create-https-listener.html" },
  check = function(e)
    if e.kind == "aws.elb.target_group" then
      if e.target ~= "lambda" and e.protocol == "HTTP" then
        -- As CKV_AWS_378 sees it, plain HTTP inside the network is fine behind a listener that ends TLS.
        if e.origin ~= "live" and is_behind_tls(e) then return end
        return fail("target group " .. e.name .. " sends requests on in plain HTTP", { case = "target", at = "protocol", severity = "medium" })
      end
      return
    end
    local protocol = e.protocol
    if protocol == "HTTP" and not redirects(e) then
      return fail("listener " .. e.name .. " speaks plain HTTP", { case = "listener", at = "protocol" })
    end
    if protocol == "TCP" and e.port == 80 then
      return fail("listener " .. e.name .. " passes plain HTTP through port 80", { case = "tcp", at = "port", severity = "medium" })
    end
  end,
  tests = {
    fail = { live [[
[{"type": "aws:elasticloadbalancing:listener", "name": "fire", "body": {"Protocol": "HTTP"}}]
]], [[
resource "aws_lb_listener" "fire" {
  load_balancer_arn = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:loadbalancer/app/a/1"
  port              = 80
  protocol          = "HTTP"
  default_action {
    type             = "forward"
    target_group_arn = "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/t/1"
  }
}]], [[resource "aws_lb_target_group" "fire" { protocol = "HTTP" }]] },
    pass = { live [[
[{"type": "aws:elasticloadbalancing:listener", "name": "dont_fire", "body": {"Protocol": "HTTPS"}}]
]], [[
resource "aws_lb_listener" "dont_fire" {
  port     = 80
  protocol = "HTTP"
  default_action {
    type = "redirect"
    redirect {
      port        = "443"
      protocol    = "HTTPS"
      status_code = "HTTP_301"
    }
  }
}
resource "aws_lb_target_group" "dont_fire" { protocol = "HTTPS" }]] },
    unknown = { [[
variable "p" {}
resource "aws_lb_listener" "a" { protocol = var.p }]] },
  },
}
