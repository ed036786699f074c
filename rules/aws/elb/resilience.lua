local balancer = lib "balancer"
local tags = lib "tags"

-- A field, or in live answers the attribute of that name.
local function is_on(e, field, name)
  if e.origin ~= "live" then return e[field] end
  if e.kind == "aws.elb.classic" then return e.raw.LoadBalancerAttributes.CrossZoneLoadBalancing.Enabled == true end
  return balancer.is_on(e, name)
end

return rule {
  id = "AWS-ELB-006", title = "Load balancer lacks cross-zone balancing or deletion protection",
  severity = "low", category = "resilience",
  version = 2, changes = { "judged on live answers too" },
  aliases = { CKV_AWS_138 = "classic", CKV_AWS_152 = "zones", CKV_AWS_150 = "deletion" },
  frameworks = { "NIST-800-53r5:CP-10", "SOC2:A1.2", "ISO27001-2022:A.8.14" },
  for_each = { "aws.elb.load_balancer", "aws.elb.classic" },
  description = [[Without cross-zone balancing a zone with few targets is overloaded; without deletion protection a mistaken plan
takes the entry away.]],
  remediation = [[Set `enable_cross_zone_load_balancing = true` and `enable_deletion_protection = true`.]],
  references = { "https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/how-elastic-load-balancing-works.html" },
  -- Application load balancers always balance across zones. Outside production deletion protection is not asked for.
  check = function(e)
    local classic = e.kind == "aws.elb.classic"
    return each({ "zones", "deletion" }, function(place)
      if place == "zones" then
        if (classic or e.layer ~= "application") and not is_on(e, "cross_zone", "load_balancing.cross_zone.enabled") then
          return fail("load balancer " .. e.name .. " does not balance across zones",
            { case = classic and "classic" or "zones", at = "cross_zone" })
        end
      elseif not classic and one_of(tags.environment(e) or "prod", "prod") and not is_on(e, "deletion_protection", "deletion_protection.enabled") then
        return fail("load balancer " .. e.name .. " is not protected from deletion", { case = "deletion", at = "deletion_protection" })
      end
    end)
  end,
  fix = { set("cross_zone", true, "zones"), set("cross_zone", true, "classic"), set("deletion_protection", true, "deletion") },
  tests = {
    fail = { [[resource "aws_lb" "fire" { name = "fire" }]], [[
resource "aws_lb" "fire" {
  load_balancer_type         = "network"
  enable_deletion_protection = true
}]], [[resource "aws_elb" "fire" { cross_zone_load_balancing = false }]], live [[
[{"type": "aws:elasticloadbalancing:loadbalancer", "name": "fire", "body": {"LoadBalancerName": "fire", "Type": "network", "Attributes": {"load_balancing.cross_zone.enabled": "false", "deletion_protection.enabled": "false"}}}]
]], live [[
[{"type": "aws:elasticloadbalancing:classic", "name": "fire", "body": {"LoadBalancerName": "fire", "LoadBalancerAttributes": {"CrossZoneLoadBalancing": {"Enabled": false}}}}]
]] },
    pass = { [[
resource "aws_lb" "dont_fire" { enable_deletion_protection = true }
resource "aws_elb" "dont_fire" { name = "dont-fire" }]], live [[
[{"type": "aws:elasticloadbalancing:loadbalancer", "name": "dont_fire", "body": {"LoadBalancerName": "dont_fire", "Type": "network", "Attributes": {"load_balancing.cross_zone.enabled": "true", "deletion_protection.enabled": "true"}}}]
]] },
    unknown = { [[
variable "d" { type = bool }
resource "aws_lb" "a" { enable_deletion_protection = var.d }]], live [[
[{"type": "aws:elasticloadbalancing:loadbalancer", "name": "a", "body": {"LoadBalancerName": "a", "Type": "network"}, "unknown": {"Attributes": "AccessDenied"}}]
]] },
  },
}
