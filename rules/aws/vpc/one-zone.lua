local region = lib "region"
local tags = lib "tags"
local vpc = lib "vpc"

return rule {
  id = "AWS-VPC-011", title = "Production network depends on one zone",
  severity = "medium", category = "resilience",
  frameworks = { "NIST-800-53r5:CP-10", "SOC2:A1.2", "ISO27001-2022:A.8.14" },
  for_each = "aws.vpc",
  where = function(e) return tags.production(e) and #vpc.subnets(e) > 0 end,
  description = [[A network in one zone, or whose zones all leave through one NAT gateway, goes down with that zone.]],
  remediation = [[Spread the private subnets over two zones or more, each with its own NAT gateway.]],
  references = { "https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html" },
  check = function(e)
    local zones, n, first, nats = {}, 0, nil, 0
    for _, subnet in ipairs(vpc.subnets(e)) do
      local zone = subnet.zone
      if zone == nil then unknown("the zone of subnet " .. subnet.name .. " is chosen by AWS") end
      if not zones[zone] then
        zones[zone] = true
        n = n + 1
        first = first or zone
      end
      nats = nats + #vpc.nats(subnet)
    end
    if n < 2 then return fail("all subnets of production VPC " .. e.name .. " lie in " .. first, { at = e }) end
    if nats == 0 and e.origin == "live" and region.list(e, "NatGateways") == nil then unknown("NAT gateways were not collected") end
    if nats == 1 then
      return fail("production VPC " .. e.name .. " spans " .. n .. " zones but has one NAT gateway", { at = e, severity = "low" })
    end
  end,
  tests = {
    fail = { live [[
[{"type": "aws:ec2:vpc", "name": "fire", "account": "123456789012", "region": "eu-west-1",
  "body": {"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16", "Tags": [{"Key": "Environment", "Value": "prod"}]}},
 {"type": "aws:ec2:subnet", "name": "subnet-1", "account": "123456789012", "region": "eu-west-1",
  "body": {"SubnetId": "subnet-1", "VpcId": "vpc-1", "AvailabilityZone": "eu-west-1a"}},
 {"type": "aws:ec2:subnet", "name": "subnet-2", "account": "123456789012", "region": "eu-west-1",
  "body": {"SubnetId": "subnet-2", "VpcId": "vpc-1", "AvailabilityZone": "eu-west-1a"}}]
]], live [[
[{"type": "aws:ec2:vpc", "name": "fire", "account": "123456789012", "region": "eu-west-1",
  "body": {"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16", "Tags": [{"Key": "Environment", "Value": "prod"}]}},
 {"type": "aws:ec2:subnet", "name": "subnet-1", "account": "123456789012", "region": "eu-west-1",
  "body": {"SubnetId": "subnet-1", "VpcId": "vpc-1", "AvailabilityZone": "eu-west-1a"}},
 {"type": "aws:ec2:subnet", "name": "subnet-2", "account": "123456789012", "region": "eu-west-1",
  "body": {"SubnetId": "subnet-2", "VpcId": "vpc-1", "AvailabilityZone": "eu-west-1b"}},
 {"type": "aws:ec2:natgateway", "name": "nat-1", "account": "123456789012", "region": "eu-west-1",
  "body": {"NatGatewayId": "nat-1", "VpcId": "vpc-1", "SubnetId": "subnet-1", "State": "available"}},
 {"type": "aws:ec2:natgateway", "name": "nat-2", "account": "123456789012", "region": "eu-west-1",
  "body": {"NatGatewayId": "nat-2", "VpcId": "vpc-1", "SubnetId": "subnet-2", "State": "deleted"}}]
]], [[
resource "aws_vpc" "fire" {
  cidr_block = "10.0.0.0/16"
  tags       = { Environment = "prod" }
}
resource "aws_subnet" "a" {
  vpc_id            = aws_vpc.fire.id
  availability_zone = "eu-west-1a"
}]] },
    pass = { live [[
[{"type": "aws:ec2:vpc", "name": "dont_fire", "account": "123456789012", "region": "eu-west-1",
  "body": {"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16", "Tags": [{"Key": "Environment", "Value": "prod"}]}},
 {"type": "aws:ec2:subnet", "name": "subnet-1", "account": "123456789012", "region": "eu-west-1",
  "body": {"SubnetId": "subnet-1", "VpcId": "vpc-1", "AvailabilityZone": "eu-west-1a"}},
 {"type": "aws:ec2:subnet", "name": "subnet-2", "account": "123456789012", "region": "eu-west-1",
  "body": {"SubnetId": "subnet-2", "VpcId": "vpc-1", "AvailabilityZone": "eu-west-1b"}},
 {"type": "aws:ec2:natgateway", "name": "nat-1", "account": "123456789012", "region": "eu-west-1",
  "body": {"NatGatewayId": "nat-1", "VpcId": "vpc-1", "SubnetId": "subnet-1", "State": "available"}},
 {"type": "aws:ec2:natgateway", "name": "nat-2", "account": "123456789012", "region": "eu-west-1",
  "body": {"NatGatewayId": "nat-2", "VpcId": "vpc-1", "SubnetId": "subnet-2", "State": "available"}}]
]], live [[
[{"type": "aws:ec2:vpc", "name": "dont_fire", "account": "123456789012", "region": "eu-west-1",
  "body": {"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16", "Tags": [{"Key": "Environment", "Value": "prod"}]}},
 {"type": "aws:ec2:subnet", "name": "subnet-1", "account": "123456789012", "region": "eu-west-1",
  "body": {"SubnetId": "subnet-1", "VpcId": "vpc-1", "AvailabilityZone": "eu-west-1a"}},
 {"type": "aws:ec2:subnet", "name": "subnet-2", "account": "123456789012", "region": "eu-west-1",
  "body": {"SubnetId": "subnet-2", "VpcId": "vpc-1", "AvailabilityZone": "eu-west-1b"}},
 {"type": "aws:account:region", "name": "eu-west-1", "account": "123456789012", "region": "eu-west-1", "body": {"Region": "eu-west-1", "Used": true, "NatGateways": []}}]
]], [[
resource "aws_vpc" "dont_fire" {
  cidr_block = "10.0.0.0/16"
  tags       = { Environment = "prod" }
}
resource "aws_subnet" "a" {
  vpc_id            = aws_vpc.dont_fire.id
  availability_zone = "eu-west-1a"
}
resource "aws_subnet" "b" {
  vpc_id            = aws_vpc.dont_fire.id
  availability_zone = "eu-west-1b"
}]] },
    unknown = { live [[
[{"type": "aws:ec2:vpc", "name": "a", "account": "123456789012", "region": "eu-west-1",
  "body": {"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16", "Tags": [{"Key": "Environment", "Value": "prod"}]}},
 {"type": "aws:ec2:subnet", "name": "subnet-1", "account": "123456789012", "region": "eu-west-1",
  "body": {"SubnetId": "subnet-1", "VpcId": "vpc-1", "AvailabilityZone": "eu-west-1a"}},
 {"type": "aws:ec2:subnet", "name": "subnet-2", "account": "123456789012", "region": "eu-west-1",
  "body": {"SubnetId": "subnet-2", "VpcId": "vpc-1", "AvailabilityZone": "eu-west-1b"}}]
]], [[
data "aws_availability_zones" "z" {}
resource "aws_vpc" "a" {
  cidr_block = "10.0.0.0/16"
  tags       = { Environment = "prod" }
}
resource "aws_subnet" "a" {
  vpc_id            = aws_vpc.a.id
  availability_zone = data.aws_availability_zones.z.names[0]
}]] },
  },
}
