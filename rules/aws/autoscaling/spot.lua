local tags = lib "tags"

-- Whether the template that the group starts asks for spot capacity; nil where it is outside the scan.
local function template_is_spot(e)
  local seen = false
  for _, template in ipairs(e:edges_from("references")) do
    if one_of(template.kind, "aws.ec2.launch_template", "aws.ec2.launch_configuration") then
      seen = true
      local market = template.raw.instance_market_options
      if market ~= nil and market.market_type == "spot" then return true end
      if template.raw.spot_price ~= nil then return true end
    end
  end
  if seen then return false end
end

local function group_is_spot(e)
  local spread = e.mixed.distribution
  if spread ~= nil then
    local share = spread.on_demand_percentage_above_base_capacity
    if share == nil then share = spread.OnDemandPercentageAboveBaseCapacity end
    return tonumber(share or 100) < 100
  end
  if e.origin == "live" then
    if e.raw.MixedInstancesPolicy ~= nil then return false end
    unknown("the launch template is not part of the answer")
  end
  local spot = template_is_spot(e)
  if spot == nil and #list(e.raw.mixed_instances_policy) == 0 then unknown("the launch template is not in the scan") end
  return spot
end

return rule {
  id = "AWS-ASG-005", title = "Non-production group never uses spot capacity",
  severity = "info", category = "cost",
  for_each = { "aws.autoscaling.group", "aws.eks.node_group" },
  where = function(e) return one_of(tags.environment(e), "dev", "test") end,
  description = [[Spot capacity costs a third, and what is only tried out survives an interruption.]],
  remediation = [[Set `on_demand_percentage_above_base_capacity` below 100 in `mixed_instances_policy`; on node groups
`capacity_type = "SPOT"`.]],
  references = { "https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-mixed-instances-groups.html",
    "https://docs.aws.amazon.com/eks/latest/userguide/managed-node-groups.html" },
  check = function(e)
    if e.kind == "aws.eks.node_group" then
      if e.raw.capacity_type == "SPOT" or e.raw.capacityType == "SPOT" then return end
    elseif group_is_spot(e) then
      return
    end
    return fail((tags.environment(e)) .. " group " .. e.name .. " uses no spot capacity", { at = e })
  end,
  tests = {
    fail = { [[
resource "aws_eks_node_group" "fire" {
  cluster_name = "c"
  tags         = { environment = "dev" }
}]], [[
resource "aws_launch_template" "t" {}
resource "aws_autoscaling_group" "fire" {
  launch_template { id = aws_launch_template.t.id }
  tag {
    key                 = "environment"
    value               = "test"
    propagate_at_launch = true
  }
}]], live [[
[{"type": "aws:eks:nodegroup", "name": "fire", "body": {"capacityType": "ON_DEMAND", "tags": {"environment": "dev"}}}]
]] },
    pass = { [[
resource "aws_eks_node_group" "dont_fire" {
  cluster_name  = "c"
  capacity_type = "SPOT"
  tags          = { environment = "dev" }
}
resource "aws_launch_template" "t" {
  instance_market_options { market_type = "spot" }
}
resource "aws_autoscaling_group" "dont_fire" {
  launch_template { id = aws_launch_template.t.id }
  tag {
    key                 = "environment"
    value               = "test"
    propagate_at_launch = true
  }
}]], live [[
[{"type": "aws:autoscaling:group", "name": "dont_fire", "body": {"Tags": [{"Key": "environment", "Value": "dev"}],
  "MixedInstancesPolicy": {"InstancesDistribution": {"OnDemandPercentageAboveBaseCapacity": 0}}}}]
]] },
    unknown = { [[
resource "aws_autoscaling_group" "a" {
  launch_template { id = "lt-1" }
  tag {
    key                 = "environment"
    value               = "dev"
    propagate_at_launch = true
  }
}]] },
  },
}
