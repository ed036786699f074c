local tags = lib "tags"

-- Keys that go on to instances.
local function passed_on(e)
  local found = {}
  local written = e.origin == "live" and e.raw.Tags or nil
  if written == nil then
    written = list(e.raw.tag)
    -- The list of maps that older providers had.
    if #written == 0 then written = list(e.raw.tags) end
  end
  for _, tag in ipairs(written) do
    local on = tag.propagate_at_launch
    if on == nil then on = tag.PropagateAtLaunch end
    if on == true or on == "true" then found[tags.fold(tag.key or tag.Key)] = true end
  end
  return found
end

return rule {
  id = "AWS-ASG-003", title = "Group does not tag the instances it starts",
  severity = "low", category = "tagging",
  aliases = { "CKV_AWS_153" },
  frameworks = { "NIST-800-53r5:CM-8", "PCI-DSS-4.0:12.5.1", "SOC2:CC6.1", "ISO27001-2022:A.5.9" },
  for_each = "aws.autoscaling.group",
  description = [[Instances that carry no tags belong to nobody and cost nobody. Default tags of the provider do not reach what a group
starts.]],
  remediation = [[Add a `tag` block with `propagate_at_launch = true` for each key that is required.]],
  references = { "https://docs.aws.amazon.com/autoscaling/ec2/userguide/ec2-auto-scaling-tagging.html" },
  -- CKV_AWS_153 is content with any tag, also one that does not reach the instances.
  check = function(e)
    local on = passed_on(e)
    local missing = {}
    for _, key in ipairs(param("required_tags", {})) do
      if not on[tags.fold(key)] then missing[#missing + 1] = key end
    end
    if #missing > 0 then
      return fail("group " .. e.name .. " does not pass on the tag " .. table.concat(missing, ", "), { at = e })
    end
    if next(on) == nil then return fail("group " .. e.name .. " does not tag the instances that it starts", { at = e }) end
  end,
  tests = {
    fail = { [[resource "aws_autoscaling_group" "fire" { max_size = 1 }]], [[
# parameters: {"required_tags": ["owner"]}
resource "aws_autoscaling_group" "fire" {
  tag {
    key                 = "Name"
    value               = "x"
    propagate_at_launch = true
  }
}]], live [[
[{"type": "aws:autoscaling:group", "name": "fire", "body": {"Tags": [{"Key": "Name", "Value": "x", "PropagateAtLaunch": false}]}}]
]] },
    pass = { [[
resource "aws_autoscaling_group" "dont_fire" {
  tag {
    key                 = "Name"
    value               = "x"
    propagate_at_launch = true
  }
}]], live [[
[{"type": "aws:autoscaling:group", "name": "dont_fire",
  "body": {"Tags": [{"Key": "Name", "Value": "x", "PropagateAtLaunch": true}]}}]
]] },
    unknown = { [[
variable "on" { type = bool }
resource "aws_autoscaling_group" "a" {
  tag {
    key                 = "Name"
    value               = "x"
    propagate_at_launch = var.on
  }
}]] },
  },
}
