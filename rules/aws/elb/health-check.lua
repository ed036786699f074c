return rule {
  id = "AWS-ELB-007", title = "Target group has no health check",
  severity = "medium", category = "resilience",
  aliases = { CKV_AWS_261 = "path" },
  frameworks = { "NIST-800-53r5:CP-10", "SOC2:A1.2", "ISO27001-2022:A.8.14" },
  for_each = "aws.elb.target_group",
  where = function(e) return e.target ~= "lambda" end,
  description = [[A load balancer without a health check that fits sends requests to targets that cannot answer them.]],
  remediation = [[Add `health_check` with the `path` of a page that shows that the application works.]],
  references = { "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/target-group-health-checks.html" },
  check = function(e)
    if not e.check.enabled then
      return fail("target group " .. e.name .. " has no health check", { case = "disabled", at = "check.enabled" })
    end
    if one_of(e.protocol, "HTTP", "HTTPS") and e.check.path == nil then
      return fail("the health check of target group " .. e.name .. " names no path", { case = "path", at = "check.path" })
    end
  end,
  fix = set("check.enabled", true, "disabled"),
  tests = {
    fail = { live [[
[{"type": "aws:elasticloadbalancing:targetgroup", "name": "fire", "body": {"HealthCheckEnabled": false}}]
]], [[resource "aws_lb_target_group" "fire" { protocol = "HTTP" }]], [[
resource "aws_lb_target_group" "fire" {
  protocol = "HTTP"
  health_check {
    enabled = false
    path    = "/health"
  }
}]] },
    pass = { live [[
[{"type": "aws:elasticloadbalancing:targetgroup", "name": "dont_fire", "body": {"HealthCheckEnabled": true}}]
]], [[
resource "aws_lb_target_group" "dont_fire" {
  protocol = "HTTPS"
  health_check { path = "/healthz" }
}
resource "aws_lb_target_group" "dont_fire_tcp" { protocol = "TCP" }]] },
    unknown = { [[
variable "p" {}
resource "aws_lb_target_group" "a" {
  protocol = "HTTPS"
  health_check { path = var.p }
}]] },
  },
}
