local balancer = lib "balancer"

-- Of classic load balancers the answer has it among others.
local function desync(e)
  if e.origin ~= "live" then return e.desync end
  if e.kind == "aws.elb.load_balancer" then
    return e.raw.Attributes ~= nil and balancer.attribute(e.raw.Attributes, "routing.http.desync_mitigation_mode")
  end
  for _, other in ipairs(list(e.raw.LoadBalancerAttributes.AdditionalAttributes)) do
    if other.Key == "elb.http.desyncmitigationmode" then return other.Value end
  end
end

local function drops(e)
  if e.origin ~= "live" then return e.drop_invalid_headers end
  return balancer.is_on(e, "routing.http.drop_invalid_header_fields.enabled")
end

return rule {
  id = "AWS-ELB-005", title = "Load balancer tolerates malformed requests",
  severity = "medium", category = "network",
  version = 2, changes = { "judged on live answers too" },
  aliases = { CKV_AWS_131 = "headers", ["AVD-AWS-0052"] = "headers", CKV_AWS_328 = "desync" },
  frameworks = { "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6", "ISO27001-2022:A.8.20" },
  for_each = { "aws.elb.load_balancer", "aws.elb.classic" },
  where = function(e)
    return e.kind == "aws.elb.classic" or e.layer == "application"
  end,
  description = [[Requests that the load balancer and the server read in different ways smuggle a second request past every
filter.]],
  remediation = [[Set `drop_invalid_header_fields = true`, and leave `desync_mitigation_mode` at `defensive` or `strictest`.]],
  references = { "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/edit-load-balancer-attributes.html" },
  check = function(e)
    return each({ "headers", "desync" }, function(place)
      if place == "desync" then
        if desync(e) == "monitor" then
          return fail("load balancer " .. e.name .. " only watches ambiguous requests", { case = place, at = "desync" })
        end
      elseif e.kind == "aws.elb.load_balancer" and not drops(e) then
        return fail("load balancer " .. e.name .. " passes invalid header fields on", { case = place, at = "drop_invalid_headers" })
      end
    end)
  end,
  fix = set("drop_invalid_headers", true),
  tests = {
    fail = { [[resource "aws_lb" "fire" { name = "fire" }]], [[resource "aws_elb" "fire" { desync_mitigation_mode = "monitor" }]], live [[
[{"type": "aws:elasticloadbalancing:loadbalancer", "name": "fire", "body": {"LoadBalancerName": "fire", "Type": "application", "Attributes": {"routing.http.drop_invalid_header_fields.enabled": "false", "routing.http.desync_mitigation_mode": "defensive"}}}]
]] },
    pass = { [[
resource "aws_lb" "dont_fire" { drop_invalid_header_fields = true }
resource "aws_lb" "dont_fire_network" { load_balancer_type = "network" }
resource "aws_elb" "dont_fire" { name = "dont-fire" }]], live [[
[{"type": "aws:elasticloadbalancing:loadbalancer", "name": "dont_fire", "body": {"LoadBalancerName": "dont_fire", "Type": "application", "Attributes": {"routing.http.drop_invalid_header_fields.enabled": "true", "routing.http.desync_mitigation_mode": "defensive"}}}]
]], live [[
[{"type": "aws:elasticloadbalancing:classic", "name": "classic", "body": {"LoadBalancerName": "classic", "LoadBalancerAttributes": {"AdditionalAttributes": [{"Key": "elb.http.desyncmitigationmode", "Value": "defensive"}]}}}]
]] },
    unknown = { [[
variable "d" { type = bool }
resource "aws_lb" "a" { drop_invalid_header_fields = var.d }]], live [[
[{"type": "aws:elasticloadbalancing:loadbalancer", "name": "a", "body": {"LoadBalancerName": "a", "Type": "application"}, "unknown": {"Attributes": "AccessDenied"}}]
]] },
  },
}
