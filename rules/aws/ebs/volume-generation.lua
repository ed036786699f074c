local newer = { gp2 = "gp3", io1 = "io2" }

local function devices(e)
  local found = {}
  for _, field in ipairs { "root_block_device", "ebs_block_device" } do
    for _, device in ipairs(list(e.raw[field])) do found[#found + 1] = device end
  end
  for _, mapping in ipairs(list(e.raw.block_device_mappings)) do
    for _, device in ipairs(list(mapping.ebs)) do found[#found + 1] = device end
  end
  return found
end

return rule {
  id = "AWS-EBS-006", title = "Volume type is an older generation",
  severity = "info", category = "cost",
  for_each = { "aws.ec2.volume", "aws.ec2.instance", "aws.ec2.launch_template" },
  description = [[gp3 costs a fifth less than gp2 and is as fast whatever its size; io2 is more durable than io1 at the same price.
Only a type that is written out counts.]],
  remediation = [[Set the type to `gp3` or `io2`.]],
  references = { "https://docs.aws.amazon.com/ebs/latest/userguide/general-purpose.html" },
  check = function(e)
    if e.kind == "aws.ec2.volume" then
      local kind = e.raw.type or e.raw.VolumeType
      if kind ~= nil and newer[kind] then
        return fail("volume " .. e.name .. " is " .. kind .. "; " .. newer[kind] .. " gives the same for less", { at = "volume_type" })
      end
      return
    end
    return each(devices(e), function(device)
      local kind = device.volume_type
      if kind ~= nil and newer[kind] then
        return fail("a volume of " .. e.name .. " is " .. kind .. "; " .. newer[kind] .. " gives the same for less", { at = device })
      end
    end)
  end,
  tests = {
    fail = { live [[
[{"type": "aws:ec2:volume", "name": "fire", "body": {"VolumeType": "gp2"}}]
]], [[resource "aws_ebs_volume" "fire" { type = "gp2" }]] },
    pass = { live [[
[{"type": "aws:ec2:volume", "name": "dont_fire", "body": {"VolumeType": "gp3"}}]
]], [[resource "aws_ebs_volume" "dont_fire" { type = "gp3" }]] },
    unknown = { [[
variable "t" {}
resource "aws_ebs_volume" "a" { type = var.t }]] },
  },
}
