local tags = lib "tags"

-- Zones of the subnets that are in the scan; ends the check where one of them is not.
local function zones_of(e, ids)
  local found, n = {}, 0
  for i = 1, #ids do
    local subnet
    for _, other in ipairs(e:targets(ids[i])) do
      if other.kind == "aws.vpc.subnet" then subnet = other end
    end
    if subnet == nil then unknown("a subnet of the group is not in the scan") end
    local zone = subnet.zone
    -- Without a zone of its own, AWS picks one for the subnet.
    if zone == nil then unknown("the zone of a subnet is not known") end
    if not found[zone] then found[zone], n = true, n + 1 end
  end
  return n
end

return rule {
  id = "AWS-ASG-004", title = "Group spans a single zone in production",
  severity = "medium", category = "resilience",
  frameworks = { "NIST-800-53r5:CP-10", "SOC2:A1.2", "ISO27001-2022:A.8.14" },
  for_each = "aws.autoscaling.group",
  where = function(e) return tags.production(e) end,
  description = [[When its only zone fails, the group has nowhere to start instances.]],
  remediation = [[Give `vpc_zone_identifier` subnets of two zones or more.]],
  references = { "https://docs.aws.amazon.com/autoscaling/ec2/userguide/auto-scaling-benefits.html" },
  check = function(e)
    local n
    if e.origin == "live" then
      n = #list(e.zones)
      if n == 0 then unknown("the zones of the group are not known") end
    elseif e.zones ~= nil then
      n = #e.zones
    else
      local ids = items(e.raw.vpc_zone_identifier)
      -- One subnet lies in one zone, whichever it is.
      n = #ids == 1 and known(ids[1]) and 1 or zones_of(e, ids)
      if #ids == 0 then unknown("the subnets of the group are not known") end
    end
    if n < 2 then return fail("production group " .. e.name .. " has a single zone", { at = e.origin == "live" and "zones" or "subnets" }) end
  end,
  tests = {
    fail = { [[
resource "aws_autoscaling_group" "fire" {
  availability_zones = ["eu-west-1a"]
  tag {
    key                 = "environment"
    value               = "prod"
    propagate_at_launch = true
  }
}]], [[
resource "aws_subnet" "a" { availability_zone = "eu-west-1a" }
resource "aws_subnet" "b" { availability_zone = "eu-west-1a" }
resource "aws_autoscaling_group" "fire" {
  vpc_zone_identifier = [aws_subnet.a.id, aws_subnet.b.id]
  tag {
    key                 = "environment"
    value               = "prod"
    propagate_at_launch = true
  }
}]], live [[
[{"type": "aws:autoscaling:group", "name": "fire",
  "body": {"AvailabilityZones": ["eu-west-1a"], "Tags": [{"Key": "environment", "Value": "prod"}]}}]
]] },
    pass = { [[
resource "aws_subnet" "a" { availability_zone = "eu-west-1a" }
resource "aws_subnet" "b" { availability_zone = "eu-west-1b" }
resource "aws_autoscaling_group" "dont_fire" {
  vpc_zone_identifier = [aws_subnet.a.id, aws_subnet.b.id]
  tag {
    key                 = "environment"
    value               = "prod"
    propagate_at_launch = true
  }
}]], live [[
[{"type": "aws:autoscaling:group", "name": "dont_fire",
  "body": {"AvailabilityZones": ["eu-west-1a", "eu-west-1b"], "Tags": [{"Key": "environment", "Value": "prod"}]}}]
]] },
    unknown = { [[
variable "subnets" { type = list(string) }
resource "aws_autoscaling_group" "a" {
  vpc_zone_identifier = var.subnets
  tag {
    key                 = "environment"
    value               = "prod"
    propagate_at_launch = true
  }
}]] },
  },
}
