local attribute = lib("balancer").attribute

-- Attributes of answers are texts; those of classic load balancers an object.
local function of_answer(e, classic)
  local enabled
  local attributes = classic and e.raw.LoadBalancerAttributes or e.raw.Attributes
  if attributes == nil then unknown("the attributes of load balancers were not collected") end
  if classic then
    enabled = attributes.AccessLog.Enabled
  else
    enabled = attribute(attributes, "access_logs.s3.enabled")
    -- Without a bucket there is nowhere to write to.
    if enabled == nil and attribute(attributes, "access_logs.s3.bucket") == "" then enabled = false end
  end
  if enabled == nil then unknown("whether access logs are on was not collected") end
  if enabled == true or enabled == "true" then return end
  return fail("load balancer " .. e.name .. " keeps no access log", { case = classic and "classic" or "modern", at = e })
end

return rule {
  id = "AWS-ELB-004", title = "Load balancer keeps no access log",
  severity = "medium", category = "logging",
  aliases = { CKV_AWS_91 = "modern", CKV_AWS_92 = "classic" },
  frameworks = { "NIST-800-53r5:AU-2", "PCI-DSS-4.0:10.2.1", "SOC2:CC7.2", "ISO27001-2022:A.8.15" },
  for_each = { "aws.elb.load_balancer", "aws.elb.classic" },
  where = function(e)
    return e.kind == "aws.elb.classic" or e.layer ~= "gateway"
  end,
  description = [[Access logs say who asked for what; without them an incident cannot be traced.]],
  remediation = [[Add `access_logs` with a bucket and `enabled = true`.]],
  references = { "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/load-balancer-access-logs.html" },
  check = function(e)
    local classic = e.kind == "aws.elb.classic"
    if e.origin == "live" then return of_answer(e, classic) end
    local logs = list(e.raw.access_logs)
    if #logs > 0 then
      local enabled = logs[1].enabled
      if enabled == nil then enabled = classic end -- their defaults differ
      if enabled == true or enabled == "true" then return end
    end
    return fail("load balancer " .. e.name .. " keeps no access log", { case = classic and "classic" or "modern",
      at = logs[1] or e })
  end,
  tests = {
    fail = { live [[
[{"type": "aws:elasticloadbalancing:loadbalancer", "name": "fire",
  "body": {"LoadBalancerName": "fire", "Type": "application", "Attributes": {"access_logs.s3.enabled": "false"}}}]
]], live [[
[{"type": "aws:elasticloadbalancing:classic", "name": "fire",
  "body": {"LoadBalancerName": "fire", "LoadBalancerAttributes": {"AccessLog": {"Enabled": false}}}}]
]], [[resource "aws_lb" "fire" { name = "fire" }]], [[
resource "aws_lb" "fire" {
  name = "fire"
  access_logs { bucket = "logs" }
}]], [[resource "aws_elb" "fire" { name = "fire" }]] },
    pass = { live [[
[{"type": "aws:elasticloadbalancing:loadbalancer", "name": "dont_fire",
  "body": {"LoadBalancerName": "dont_fire", "Type": "application", "Attributes": {"access_logs.s3.enabled": "true"}}}]
]], [[
resource "aws_lb" "dont_fire" {
  name = "dont_fire"
  access_logs {
    bucket  = "logs"
    enabled = true
  }
}
resource "aws_elb" "dont_fire" {
  name = "dont_fire"
  access_logs { bucket = "logs" }
}]] },
    unknown = { live [[
[{"type": "aws:elasticloadbalancing:loadbalancer", "name": "a", "body": {"LoadBalancerName": "a", "Type": "application"},
  "unknown": {"Attributes": "AccessDenied"}}]
]], [[
variable "e" { type = bool }
resource "aws_lb" "a" {
  name = "a"
  access_logs {
    bucket  = "logs"
    enabled = var.e
  }
}]] },
  },
}
