return rule {
  id = "AWS-EC2-011", title = "Image lookup does not name its owner",
  severity = "high", category = "supply-chain",
  aliases = { "CKV_AWS_386", "AVD-AWS-0344" },
  frameworks = { "NIST-800-53r5:SR-3", "PCI-DSS-4.0:6.3.2", "SOC2:CC8.1", "ISO27001-2022:A.5.21" },
  for_each = "aws.ec2.ami_lookup", -- code only: an account keeps no lookups, only the images that they found
  description = [[Without an owner, the newest image of any account whose name fits is taken: anyone can publish one.]],
  remediation = [[Set `owners` to the publisher's account id or alias, such as `amazon` or `099720109477`.]],
  references = { "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/ami" },
  check = function(e)
    local owners = e.raw.owners
    if owners ~= nil and #owners > 0 then return end
    for _, filter in ipairs(list(e.raw.filter)) do
      if one_of(filter.name, "owner-id", "owner-alias", "image-id") then return end
    end
    local ids = e.raw.image_ids
    if ids ~= nil and #ids > 0 then return end
    return fail("image lookup " .. e.name .. " names no owner")
  end,
  tests = {
    fail = { [[
data "aws_ami" "fire" {
  most_recent = true
  filter {
    name   = "name"
    values = ["ubuntu-*"]
  }
}]] },
    pass = { [[
data "aws_ami" "dont_fire" {
  most_recent = true
  owners      = ["amazon"]
}]] },
    unknown = { [[
variable "owners" { type = list(string) }
data "aws_ami" "a" { owners = var.owners }]] },
  },
}
