local region = lib "region"
local values = lib "values"

return rule {
  id = "AWS-EC2-012", title = "Default VPC is adopted or used",
  severity = "medium", category = "network",
  aliases = { "CKV_AWS_148", "AVD-AWS-0101" },
  frameworks = { "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6", "ISO27001-2022:A.8.20" },
  for_each = { "aws.vpc", "aws.ec2.instance" },
  where = function(e)
    if e.origin == "live" then return e.kind == "aws.vpc" and e.raw.IsDefault == true end
    return e.type == "aws_default_vpc" or e.kind == "aws.ec2.instance"
  end,
  description = [[The default VPC has only public subnets with open defaults; it is for trying things out.]],
  remediation = [[Make a VPC of one's own and name its subnets.]],
  references = { "https://docs.aws.amazon.com/vpc/latest/userguide/default-vpc.html" },
  -- Every region of an account has one: in live answers it counts where something has an interface in it.
  -- An instance that names neither subnet nor interface lands in the default VPC.
  check = function(e)
    if e.kind == "aws.vpc" then
      if e.origin ~= "live" then return fail("the default VPC is taken into use by " .. e.name) end
      local interfaces = graph.all("aws.ec2.network_interface")
      for _, interface in ipairs(interfaces) do
        if interface.raw.VpcId == e.raw.VpcId then
          return fail("the default VPC " .. e.name .. " is in use", { evidence = { { interface, "an interface in it" } } })
        end
      end
      if region.list(e, "InterfaceVpcs") == nil then unknown("network interfaces were not collected") end
      return
    end
    for _, field in ipairs { "subnet_id", "network_interface", "launch_template", "primary_network_interface" } do
      if values.set(e, e.raw, field) then return end
    end
    return fail("instance " .. e.name .. " names no subnet and lands in the default VPC", { severity = "low" })
  end,
  tests = {
    fail = { live [[
[{"type": "aws:ec2:vpc", "name": "fire", "account": "123456789012", "region": "eu-west-1",
  "body": {"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16", "IsDefault": true}},
 {"type": "aws:ec2:network-interface", "name": "eni-1", "account": "123456789012", "region": "eu-west-1",
  "body": {"NetworkInterfaceId": "eni-1", "VpcId": "vpc-1", "SubnetId": "subnet-1"}}]
]], [[resource "aws_default_vpc" "fire" {}]], [[resource "aws_instance" "fire" { ami = "ami-1" }]] },
    pass = { live [[
[{"type": "aws:ec2:vpc", "name": "dont_fire", "account": "123456789012", "region": "eu-west-1",
  "body": {"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16", "IsDefault": true}},
 {"type": "aws:account:region", "name": "eu-west-1", "account": "123456789012", "region": "eu-west-1", "body": {"Region": "eu-west-1", "Used": true, "InterfaceVpcs": []}}]
]], [[
resource "aws_instance" "dont_fire" {
  ami       = "ami-1"
  subnet_id = "subnet-1"
}]] },
    unknown = { live [[
[{"type": "aws:ec2:vpc", "name": "a", "account": "123456789012", "region": "eu-west-1",
  "body": {"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16", "IsDefault": true}}]
]], [[
variable "subnet" {}
resource "aws_instance" "unsure" {
  ami       = "ami-1"
  subnet_id = var.subnet
}]] },
  },
}
