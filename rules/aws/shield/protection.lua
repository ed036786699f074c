local tags = lib "tags"

-- Whether the unit shows a subscription: a protection or the subscription itself in code, the state in an answer.
local function subscribed(e)
  if e.origin == "live" then
    for _, one in ipairs(graph.all("aws.shield.subscription")) do
      if one.origin == "live" then return one.state == "ACTIVE" end
    end
    return nil
  end
  return #graph.all("aws.shield.protection") > 0 or #graph.all("aws.shield.subscription") > 0
end

local function is_public(e)
  if e.kind == "aws.elb.load_balancer" then return e.layer ~= "gateway" and not e.internal end
  if e.kind == "aws.elb.classic" then return not e.internal end
  if e.kind == "aws.route53.zone" then return not e.private end
  return true
end

-- What is protected, by address and by ARN, the last part of the ARN too ("eip-allocation/eipalloc-1"); and whether
-- some protection is for nobody knows what.
local function protected()
  return once("protected resources", function()
    local found = { by = {}, open = false }
    for _, one in ipairs(graph.all("aws.shield.protection")) do
      local told = false
      if one.origin ~= "live" then
        for _, target in ipairs(one:targets(one.raw.resource_arn)) do
          found.by[target.address], told = true, true
        end
        -- The ARN of an address is put together from its id.
        for _, target in ipairs(one:edges_from("references")) do
          found.by[target.address], told = true, true
        end
      end
      if known(one.resource) then
        if one.resource ~= nil then
          found.by[one.resource] = true
          local last = match(one.resource, "([^:]*)$")
          if last then found.by[type(last) == "table" and last[1] or last] = true end
        end
      elseif not told then
        found.open = true
      end
    end
    return found
  end)
end

local function is_protected(e)
  local all = protected()
  if e.origin ~= "live" then
    if all.by[e.address] then return true end
    if all.open then unknown("what a protection is for is not known") end
    return false
  end
  for _, field in ipairs { "ARN", "LoadBalancerArn", "AcceleratorArn" } do
    if e.raw[field] ~= nil and all.by[e.raw[field]] then return true end
  end
  if e.raw.AllocationId ~= nil and all.by["eip-allocation/" .. e.raw.AllocationId] then return true end
  if e.kind == "aws.route53.zone" and e.raw.Id ~= nil and all.by[(string.gsub(e.raw.Id, "^/", ""))] then return true end
  return all.by[e.address] == true
end

return rule {
  id = "AWS-SHIELD-001", title = "Public entry point is outside advanced DDoS protection",
  severity = "low", category = "resilience",
  frameworks = { "NIST-800-53r5:CP-10", "SOC2:A1.2", "ISO27001-2022:A.8.14" },
  for_each = { "aws.elb.load_balancer", "aws.elb.classic", "aws.cloudfront.distribution", "aws.globalaccelerator.accelerator",
    "aws.ec2.eip", "aws.route53.zone" },
  where = function(e) return tags.production(e) and (e.origin == "live" or subscribed(e)) end,
  description = [[Advanced protection is paid for the account, and works for those resources alone that are named.]],
  remediation = [[Add an `aws_shield_protection` with the resource's ARN.]],
  references = { "https://docs.aws.amazon.com/waf/latest/developerguide/ddos-advanced-summary-choose-resources.html" },
  check = function(e)
    if not is_public(e) then return end
    local on = subscribed(e)
    if on == nil then unknown("the state of the subscription was not collected") end
    if not on then return end
    if is_protected(e) then return end
    return fail("production entry point " .. e.name .. " is outside advanced protection", { at = e })
  end,
  tests = {
    fail = { [[
resource "aws_lb" "fire" {
  name = "fire"
  tags = { environment = "prod" }
}
resource "aws_eip" "other" { domain = "vpc" }
resource "aws_shield_protection" "p" {
  name         = "p"
  resource_arn = "arn:aws:ec2:eu-west-1:123456789012:eip-allocation/${aws_eip.other.id}"
}]], live [[
[{"type": "aws:shield:subscription", "name": "s", "body": {"SubscriptionState": "ACTIVE"}},
 {"type": "aws:elasticloadbalancing:loadbalancer", "name": "fire", "body": {"LoadBalancerArn": "arn:lb", "Type": "application",
  "Scheme": "internet-facing", "Tags": [{"Key": "environment", "Value": "prod"}]}}]
]] },
    pass = { [[
resource "aws_lb" "dont_fire" {
  name = "dont-fire"
  tags = { environment = "prod" }
}
resource "aws_shield_protection" "p" {
  name         = "p"
  resource_arn = aws_lb.dont_fire.arn
}]], live [[
[{"type": "aws:shield:subscription", "name": "s", "body": {"SubscriptionState": "ACTIVE"}},
 {"type": "aws:shield:protection", "name": "p", "body": {"ResourceArn": "arn:lb"}},
 {"type": "aws:elasticloadbalancing:loadbalancer", "name": "dont_fire", "body": {"LoadBalancerArn": "arn:lb", "Type": "application",
  "Scheme": "internet-facing", "Tags": [{"Key": "environment", "Value": "prod"}]}}]
]] },
    unknown = { live [[
[{"type": "aws:elasticloadbalancing:loadbalancer", "name": "a", "body": {"LoadBalancerArn": "arn:lb", "Type": "application",
  "Scheme": "internet-facing", "Tags": [{"Key": "environment", "Value": "prod"}]}}]
]], [[
variable "arn" {}
resource "aws_lb" "a" {
  name = "a"
  tags = { environment = "prod" }
}
resource "aws_shield_protection" "p" {
  name         = "p"
  resource_arn = var.arn
}]] },
  },
}
