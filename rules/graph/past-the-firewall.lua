-- luacheck: no max line length
local function example(name, association, origin, internal)
  return string.format([[
variable "acl" {}
resource "aws_route53_zone" "main" {
  name = "example.com"
}
resource "aws_route53_record" "shop" {
  zone_id = aws_route53_zone.main.zone_id
  name    = "shop.example.com"
  type    = "A"
  alias {
    name                   = aws_cloudfront_distribution.shop.domain_name
    zone_id                = aws_cloudfront_distribution.shop.hosted_zone_id
    evaluate_target_health = false
  }
}
resource "aws_route53_record" "%s" {
  zone_id = aws_route53_zone.main.zone_id
  name    = "origin.example.com"
  type    = "A"
  alias {
    name                   = aws_lb.shop.dns_name
    zone_id                = aws_lb.shop.zone_id
    evaluate_target_health = true
  }
}
resource "aws_wafv2_web_acl" "front" {
  name  = "front"
  scope = "CLOUDFRONT"
  default_action {
    allow {}
  }
}
resource "aws_cloudfront_distribution" "shop" {
  enabled    = true
  web_acl_id = aws_wafv2_web_acl.front.arn
  origin {
    origin_id   = "shop"
    domain_name = %s
  }
}
resource "aws_lb" "shop" {
  name     = "shop"
  internal = %s
}
%s]], name, origin, internal or "false", association or "")
end

local associated = [[
resource "aws_wafv2_web_acl" "back" {
  name  = "back"
  scope = "REGIONAL"
  default_action {
    allow {}
  }
}
resource "aws_wafv2_web_acl_association" "back" {
  resource_arn = aws_lb.shop.arn
  web_acl_arn  = aws_wafv2_web_acl.back.arn
}]]

local function is_filtered(lb)
  return #lb:satellites("firewall") > 0 or #lb:satellites("regional_firewall") > 0
end

-- The entry that a record leads to: a load balancer or API.
local function targets(record)
  local found = {}
  for _, one in ipairs(record:edges_from("routes_to")) do
    if one_of(one.kind, "aws.elb.load_balancer", "aws.elb.classic") then found[#found + 1] = one end
  end
  return found
end

-- Whether an origin's domain is that of the load balancer, or of a record that leads to it.
local function is_origin(front, lb, record)
  for _, one in ipairs(front:edges_from("routes_to")) do
    if one == lb or one == record then return true end
  end
  for _, origin in ipairs(list(front.origins)) do
    local domain = origin.domain_name or origin.DomainName
    if known(domain) and domain ~= nil and lower(domain) == lower(record.raw.name or "") then return true end
  end
  return false
end

local function passes_one(front)
  if #front:targets(front.raw.web_acl_id) > 0 then return true end
  return front.firewall ~= nil and front.firewall ~= ""
end

return rule {
  id = "GRAPH-021", title = "Public name points past the firewall", severity = "medium", category = "network",
  frameworks = { "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6", "ISO27001-2022:A.8.20" },
  for_each = "aws.route53.record",
  where = function(e) return e.origin ~= "live" and #targets(e) > 0 end,
  description = [[A distribution with a web ACL stands before a load balancer, and another public name leads to the load balancer itself,
which has none: who knows or guesses that name sends requests past the firewall.]],
  remediation = [[Make the load balancer internal (VPC origins), associate a web ACL with it as well, or let in the addresses of CloudFront
alone (prefix list `com.amazonaws.global.cloudfront.origin-facing`) with a secret header.]],
  references = { "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/restrict-access-to-load-balancer.html" },
  check = function(record)
    for _, zone in ipairs(record:targets(record.zone)) do
      if zone.kind == "aws.route53.zone" and zone.private then return end
    end
    for _, lb in ipairs(targets(record)) do
      if not lb.internal and not is_filtered(lb) then
        for _, front in ipairs(graph.all("aws.cloudfront.distribution")) do
          if is_origin(front, lb, record) and passes_one(front) then
            return fail(record.raw.name .. " leads to " .. lb.name .. ", which has no web ACL, past that of " .. front.name
              .. "; make " .. lb.name .. " internal or give it a web ACL", { evidence = { { front, "passes a web ACL" }, { lb, "has none" } } })
          end
        end
      end
    end
  end,
  tests = {
    fail = { example("fire", nil, "aws_lb.shop.dns_name"), example("fire", nil, '"origin.example.com"') },
    pass = {
      example("dont_fire", associated, "aws_lb.shop.dns_name"),
      example("dont_fire", nil, "aws_lb.shop.dns_name", "true"),
      string.gsub(example("dont_fire", nil, "aws_lb.shop.dns_name"), "web_acl_id = aws_wafv2_web_acl.front.arn", "") .. "",
    },
    unknown = { string.gsub(example("a", nil, "aws_lb.shop.dns_name"), "web_acl_id = aws_wafv2_web_acl.front.arn", "web_acl_id = var.acl") .. "" },
  },
}
