-- Whether the group itself, or an attachment, puts it behind a load balancer.
local function is_behind(e)
  if not known(e.target_groups) or not known(e.load_balancers) then return true end
  if #list(e.target_groups) > 0 or #list(e.load_balancers) > 0 then return true end
  return e.origin ~= "live" and #e:satellites("attachment") > 0
end

return rule {
  id = "AWS-ASG-001", title = "Group behind a load balancer ignores its health checks",
  severity = "medium", category = "resilience",
  aliases = { "CKV2_AWS_15" },
  frameworks = { "NIST-800-53r5:CP-10", "SOC2:A1.2", "ISO27001-2022:A.8.14" },
  for_each = "aws.autoscaling.group",
  where = is_behind,
  description = [[An instance that runs but does not answer stays in the group, since EC2's checks see the machine alone.]],
  remediation = [[Set `health_check_type = "ELB"`, and a `health_check_grace_period` that covers the start.]],
  references = { "https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-health-checks.html" },
  -- CKV2_AWS_15 also wants a health_check block at the balancer or the target group; both check by default without
  -- one. It judges groups with an attachment only, and says so at the attachment.
  check = function(e)
    if match(e.health_check, "ELB") then return end
    return fail("group " .. e.name .. " ignores the health checks of its load balancer", { at = "health_check" })
  end,
  fix = set("health_check", "ELB"),
  tests = {
    fail = { [[
resource "aws_lb_target_group" "t" {}
resource "aws_autoscaling_group" "fire" { target_group_arns = [aws_lb_target_group.t.arn] }]], [[
resource "aws_lb_target_group" "t" {}
resource "aws_autoscaling_group" "fire" { health_check_type = "EC2" }
resource "aws_autoscaling_attachment" "a" {
  autoscaling_group_name = aws_autoscaling_group.fire.name
  lb_target_group_arn    = aws_lb_target_group.t.arn
}]], live [[
[{"type": "aws:autoscaling:group", "name": "fire", "body": {"HealthCheckType": "EC2", "TargetGroupARNs": ["arn:t"]}}]
]] },
    pass = { [[
resource "aws_lb_target_group" "t" {}
resource "aws_autoscaling_group" "dont_fire" {
  target_group_arns = [aws_lb_target_group.t.arn]
  health_check_type = "ELB"
}]], live [[
[{"type": "aws:autoscaling:group", "name": "dont_fire", "body": {"HealthCheckType": "ELB", "TargetGroupARNs": ["arn:t"]}}]
]] },
    unknown = { [[
variable "h" {}
resource "aws_autoscaling_group" "a" {
  load_balancers    = ["x"]
  health_check_type = var.h
}]] },
  },
}
