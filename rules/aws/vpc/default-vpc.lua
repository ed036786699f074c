local values = lib "values"

return rule {
  id = "AWS-EC2-012", title = "Default VPC is adopted or used",
  severity = "medium", category = "network",
  aliases = { "CKV_AWS_148", "AVD-AWS-0101" },
  frameworks = { "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6", "ISO27001-2022:A.8.20" },
  for_each = { "aws.vpc", "aws.ec2.instance" },
  where = function(e) return e.type == "aws_default_vpc" or e.kind == "aws.ec2.instance" or e.origin == "live" end,
  description = [[The default VPC has only public subnets with open defaults; it is for trying things out.]],
  remediation = [[Make a VPC of one's own and name its subnets.]],
  references = { "https://docs.aws.amazon.com/vpc/latest/userguide/default-vpc.html" },
  -- An instance that names neither subnet nor interface lands in the default VPC.
  check = function(e)
    if e.kind == "aws.vpc" then
      if e.type == "aws_default_vpc" then return fail("the default VPC is taken into use") end
      return
    end
    if e.origin == "live" then return end
    for _, field in ipairs { "subnet_id", "network_interface", "launch_template", "primary_network_interface" } do
      if values.set(e, e.raw, field) then return end
    end
    return fail("instance " .. e.name .. " names no subnet and lands in the default VPC", { severity = "low" })
  end,
  tests = {
    fail = { [[resource "aws_default_vpc" "fire" {}]], [[resource "aws_instance" "fire" { ami = "ami-1" }]] },
    pass = { [[
resource "aws_instance" "dont_fire" {
  ami       = "ami-1"
  subnet_id = "subnet-1"
}]] },
    unknown = { [[
variable "subnet" {}
resource "aws_instance" "unsure" {
  ami       = "ami-1"
  subnet_id = var.subnet
}]] },
  },
}
