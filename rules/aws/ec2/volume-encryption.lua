local ebs = lib "ebs"

-- Block devices: name, the part that carries `encrypted`, and whether a snapshot may decide.
local function devices(e)
  local found = {}
  if e.type == "aws_launch_template" then
    for _, mapping in ipairs(list(e.raw.block_device_mappings)) do
      for _, device in ipairs(list(mapping.ebs)) do
        found[#found + 1] = { name = mapping.device_name or "device", at = device, snapshot = device.snapshot_id }
      end
    end
    return found
  end
  local root = list(e.raw.root_block_device)
  found[1] = { name = "the root volume", at = root[1] }
  for _, device in ipairs(list(e.raw.ebs_block_device)) do
    found[#found + 1] = { name = device.device_name or "device", at = device, snapshot = device.snapshot_id }
  end
  return found
end

return rule {
  id = "AWS-EC2-003", title = "Root or extra volume of an instance is not encrypted",
  severity = "high", category = "encryption",
  aliases = { "CKV_AWS_8", "AVD-AWS-0008", "AVD-AWS-0122", "AVD-AWS-0131" },
  frameworks = { "NIST-800-53r5:SC-28", "PCI-DSS-4.0:3.5.1", "SOC2:CC6.1", "ISO27001-2022:A.8.24" },
  for_each = { "aws.ec2.instance", "aws.ec2.launch_template", "aws.ec2.launch_configuration" },
  where = function(e) return e.origin ~= "live" end,
  description = [[An unencrypted volume can be read from every copy and snapshot of it. Where the region encrypts by default (in the
same code), nothing has to be said.]],
  remediation = [[Set `encrypted = true` in `root_block_device` and each `ebs_block_device`.]],
  references = { "https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption.html" },
  -- A template without mappings takes its image's, which CKV_AWS_8 lets pass as well.
  check = function(e)
    if ebs.encrypted_by_default() then return end
    return each(devices(e), function(device)
      local encrypted = device.at ~= nil and device.at.encrypted
      if encrypted == true or encrypted == "true" then return end
      if device.snapshot ~= nil and device.snapshot ~= "" then unknown("the volume takes its encryption from a snapshot") end
      return fail(device.name .. " of " .. e.name .. " is not encrypted", { at = device.at or e, within = device.at })
    end)
  end,
  fix = set("within.encrypted", true),
  tests = {
    fail = { [[resource "aws_instance" "fire" { ami = "ami-1" }]], [[
resource "aws_instance" "fire" {
  root_block_device { encrypted = true }
  ebs_block_device { device_name = "/dev/sdb" }
}]] },
    pass = { [[
resource "aws_instance" "dont_fire" {
  root_block_device { encrypted = true }
}]], [[
resource "aws_instance" "dont_fire" { ami = "ami-1" }
resource "aws_ebs_encryption_by_default" "x" { enabled = true }]] },
    unknown = { [[
variable "e" { type = bool }
resource "aws_instance" "a" {
  root_block_device { encrypted = var.e }
}]] },
  },
}
