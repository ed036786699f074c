local ebs = lib "ebs"

return rule {
  id = "AWS-EBS-001", title = "Volume is not encrypted",
  severity = "high", category = "encryption",
  aliases = { "CKV_AWS_3", "AVD-AWS-0026", CKV2_AWS_2 = "attached" },
  frameworks = { "CIS-AWS-3.0:2.2.1", "NIST-800-53r5:SC-28", "PCI-DSS-4.0:3.5.1", "SOC2:CC6.1",
    "ISO27001-2022:A.8.24" },
  for_each = "aws.ec2.volume",
  classes = { regulated = "critical" },
  description = [[An unencrypted volume can be read from every copy and snapshot of it.]],
  remediation = [[Set `encrypted = true`.]],
  references = { "https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption.html" },
  check = function(e)
    if e.encrypted then return end
    if e.encrypted == nil and ebs.encrypted_by_default() then return end
    if e.encrypted == nil and e.raw.snapshot_id ~= nil then unknown("the volume takes its encryption from a snapshot") end
    for _, user in ipairs(e:edges_to("references")) do
      if user.type == "aws_volume_attachment" then
        return fail("volume " .. e.name .. " is attached and not encrypted",
          { case = "attached", at = "encrypted", evidence = { { user, "the attachment" } } })
      end
    end
    return fail("volume " .. e.name .. " is not encrypted", { case = "volume", at = "encrypted" })
  end,
  fix = set("encrypted", true),
  tests = {
    fail = { live [[
[{"type": "aws:ec2:volume", "name": "fire", "body": {"Encrypted": false}}]
]], [[resource "aws_ebs_volume" "fire" { availability_zone = "eu-west-1a" }]] },
    pass = { live [[
[{"type": "aws:ec2:volume", "name": "dont_fire", "body": {"Encrypted": true}}]
]], [[
resource "aws_ebs_volume" "dont_fire" {
  availability_zone = "eu-west-1a"
  encrypted         = true
}]] },
    unknown = { [[
variable "e" { type = bool }
resource "aws_ebs_volume" "a" { encrypted = var.e }]] },
  },
}
