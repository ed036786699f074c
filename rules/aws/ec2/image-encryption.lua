return rule {
  id = "AWS-EC2-010", title = "Own image is not encrypted with a managed key",
  severity = "medium", category = "encryption",
  aliases = { CKV_AWS_204 = "image", CKV_AWS_235 = "copy", CKV_AWS_236 = { "copy", "copy-key" } },
  frameworks = { "NIST-800-53r5:SC-28", "PCI-DSS-4.0:3.5.1", "SOC2:CC6.1", "ISO27001-2022:A.8.24" },
  for_each = "aws.ec2.ami",
  where = function(e) return e.origin ~= "live" end,
  description = [[An unencrypted image holds its disks in the clear for whoever gets a copy.]],
  remediation = [[Set `encrypted = true` and `kms_key_id` on copies; use encrypted snapshots for images.]],
  references = { "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/AMIEncryption.html" },
  check = function(e)
    if e.type == "aws_ami_copy" then
      if not e.encrypted then return fail("image copy " .. e.name .. " is not encrypted", { case = "copy", at = "encrypted" }) end
      if known(e.key) and e.key == nil then
        return fail("image copy " .. e.name .. " is encrypted with the account's key aws/ebs, not with one of its own",
          { case = "copy-key" })
      end
      return
    end
    return each(list(e.raw.ebs_block_device), function(device)
      if device.encrypted == true or device.encrypted == "true" then return end
      if device.snapshot_id ~= nil and device.snapshot_id ~= "" then
        unknown("device " .. (device.device_name or "") .. " takes its encryption from a snapshot")
      end
      return fail("device " .. (device.device_name or "") .. " of image " .. e.name .. " is not encrypted", { case = "image", at = device })
    end)
  end,
  tests = {
    fail = { [[
resource "aws_ami_copy" "fire" {
  source_ami_id     = "ami-1"
  source_ami_region = "eu-west-1"
}]], [[
resource "aws_ami" "fire" {
  ebs_block_device {
    device_name = "/dev/xvda"
    volume_size = 8
  }
}]] },
    pass = { [[
resource "aws_kms_key" "k" {}
resource "aws_ami_copy" "dont_fire" {
  source_ami_id     = "ami-1"
  source_ami_region = "eu-west-1"
  encrypted         = true
  kms_key_id        = aws_kms_key.k.arn
}]] },
    unknown = { [[
variable "e" { type = bool }
resource "aws_ami_copy" "a" {
  source_ami_id     = "ami-1"
  source_ami_region = "eu-west-1"
  encrypted         = var.e
}]] },
  },
}
