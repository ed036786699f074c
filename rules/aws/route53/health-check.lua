-- Blocks of Terraform and members of answers that make a record one of several. (Geolocation and latency also
-- serve those who are near; when the near one is down, only a health check sends them on.)
local policies = {
  { "failover_routing_policy", "Failover", "failover" }, { "weighted_routing_policy", "Weight", "weighted" },
  { "latency_routing_policy", "Region", "latency" }, { "geolocation_routing_policy", "GeoLocation", "geolocation" },
}

local function policy_of(e)
  for _, row in ipairs(policies) do
    if e.origin == "live" then
      if e.raw[row[2]] ~= nil then return row[3], e.raw[row[2]] end
    elseif #list(e.raw[row[1]]) > 0 then
      return row[3], e.raw[row[1]]
    end
  end
end

-- The last resort of a failover answers in any case.
local function is_secondary(policy, block)
  if policy ~= "failover" then return false end
  local role = type(block) == "string" and block or block.type
  return role == "SECONDARY"
end

return rule {
  id = "AWS-R53-005", title = "Failover or weighted record has no health check",
  severity = "medium", category = "resilience",
  frameworks = { "NIST-800-53r5:CP-10", "SOC2:A1.2", "ISO27001-2022:A.8.14" },
  for_each = "aws.route53.record",
  where = function(e) return policy_of(e) ~= nil end,
  description = [[Without a health check, the record is handed out also while what it points to is down.]],
  remediation = [[Set `health_check_id`, or `evaluate_target_health = true` on an alias.]],
  references = { "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/dns-failover-configuring.html" },
  check = function(e)
    local policy, block = policy_of(e)
    if is_secondary(policy, block) then return end
    if e.alias.name ~= nil or not known(e.alias.name) then
      if e.alias.evaluated then return end
    end
    if not known(e.health_check) then
      if e.origin ~= "live" and #e:targets(e.raw.health_check_id) > 0 then return end
    end
    if e.health_check ~= nil then return end
    return fail(policy .. " record " .. e.name .. " has no health check", { at = e })
  end,
  tests = {
    fail = { [[
resource "aws_route53_record" "fire" {
  name           = "www"
  type           = "A"
  records        = ["203.0.113.7"]
  set_identifier = "a"
  weighted_routing_policy { weight = 10 }
}]], live [[
[{"type": "aws:route53:record", "name": "fire", "body": {"Name": "www.example.com.", "Type": "A", "Failover": "PRIMARY",
  "AliasTarget": {"DNSName": "x.elb.amazonaws.com.", "EvaluateTargetHealth": false}}}]
]] },
    pass = { [[
resource "aws_route53_health_check" "h" { type = "HTTPS" }
resource "aws_route53_record" "dont_fire" {
  name            = "www"
  type            = "A"
  records         = ["203.0.113.7"]
  set_identifier  = "a"
  health_check_id = aws_route53_health_check.h.id
  failover_routing_policy { type = "PRIMARY" }
}
resource "aws_route53_record" "dont_fire_last" {
  name           = "www"
  type           = "A"
  records        = ["203.0.113.8"]
  set_identifier = "b"
  failover_routing_policy { type = "SECONDARY" }
}]], live [[
[{"type": "aws:route53:record", "name": "dont_fire", "body": {"Name": "www.example.com.", "Type": "A", "Region": "eu-west-1",
  "AliasTarget": {"DNSName": "x.elb.amazonaws.com.", "EvaluateTargetHealth": true}}}]
]] },
    unknown = { [[
variable "h" {}
resource "aws_route53_record" "a" {
  name            = "www"
  type            = "A"
  records         = ["203.0.113.7"]
  health_check_id = var.h
  latency_routing_policy { region = "eu-west-1" }
}]] },
  },
}
