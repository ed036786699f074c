local tags = lib "tags"

return rule {
  id = "AWS-ELB-006", title = "Load balancer lacks cross-zone balancing or deletion protection",
  severity = "low", category = "resilience",
  aliases = { CKV_AWS_138 = "classic", CKV_AWS_152 = "zones", CKV_AWS_150 = "deletion" },
  frameworks = { "NIST-800-53r5:CP-10", "SOC2:A1.2", "ISO27001-2022:A.8.14" },
  for_each = { "aws.elb.load_balancer", "aws.elb.classic" },
  where = function(e) return e.origin ~= "live" end,
  description = [[Without cross-zone balancing a zone with few targets is overloaded; without deletion protection a mistaken plan
takes the entry away.]],
  remediation = [[Set `enable_cross_zone_load_balancing = true` and `enable_deletion_protection = true`.]],
  references = { "https://docs.aws.amazon.com/elasticloadbalancing/latest/userguide/how-elastic-load-balancing-works.html" },
  -- Application load balancers always balance across zones. Outside production deletion protection is not asked for.
  check = function(e)
    local classic = e.kind == "aws.elb.classic"
    return each({ "zones", "deletion" }, function(place)
      if place == "zones" then
        if (classic or e.layer ~= "application") and not e.cross_zone then
          return fail("load balancer " .. e.name .. " does not balance across zones",
            { case = classic and "classic" or "zones", at = "cross_zone" })
        end
      elseif not classic and one_of(tags.environment(e) or "prod", "prod") and not e.deletion_protection then
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
}]], [[resource "aws_elb" "fire" { cross_zone_load_balancing = false }]] },
    pass = { [[
resource "aws_lb" "dont_fire" { enable_deletion_protection = true }
resource "aws_elb" "dont_fire" { name = "dont-fire" }]] },
    unknown = { [[
variable "d" { type = bool }
resource "aws_lb" "a" { enable_deletion_protection = var.d }]] },
  },
}
