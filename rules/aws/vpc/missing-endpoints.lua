local region = lib "region"
local vpc = lib "vpc"

return rule {
  id = "AWS-VPC-008", title = "Service traffic leaves the VPC although an endpoint exists",
  severity = "low", category = "cost",
  for_each = "aws.vpc",
  -- Only a VPC whose private subnets leave through NAT pays for the detour.
  where = function(e)
    for _, subnet in ipairs(vpc.subnets(e)) do
      if #vpc.nats(subnet) > 0 then return true end
    end
    return false
  end,
  description = [[Traffic to S3 and DynamoDB through a NAT gateway is charged by the gigabyte; gateway endpoints cost nothing.]],
  remediation = [[Add an `aws_vpc_endpoint` of type Gateway for S3 and DynamoDB.]],
  references = { "https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html" },
  check = function(e)
    local missing, endpoints = {}, vpc.endpoints(e)
    if e.origin == "live" and #endpoints == 0 and region.list(e, "VpcEndpoints") == nil then unknown("endpoints were not collected") end
    for _, service in ipairs { "s3", "dynamodb" } do
      local there = false
      for _, endpoint in ipairs(endpoints) do
        if endpoint.service ~= nil and ends(endpoint.service, "." .. service) then there = true end
      end
      if not there then missing[#missing + 1] = service end
    end
    if has(missing, "s3") then
      return fail("VPC " .. e.name .. " sends traffic to " .. table.concat(missing, " and ") .. " through its NAT gateway", { at = e })
    end
  end,
  tests = {
    fail = { live [[
[{"type": "aws:ec2:vpc", "name": "fire", "account": "123456789012", "region": "eu-west-1",
  "body": {"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16"}},
 {"type": "aws:ec2:subnet", "name": "subnet-1", "account": "123456789012", "region": "eu-west-1",
  "body": {"SubnetId": "subnet-1", "VpcId": "vpc-1", "AvailabilityZone": "eu-west-1a"}},
 {"type": "aws:ec2:natgateway", "name": "nat-1", "account": "123456789012", "region": "eu-west-1",
  "body": {"NatGatewayId": "nat-1", "VpcId": "vpc-1", "SubnetId": "subnet-1", "State": "available"}},
 {"type": "aws:account:region", "name": "eu-west-1", "account": "123456789012", "region": "eu-west-1", "body": {"Region": "eu-west-1", "Used": true, "VpcEndpoints": []}}]
]], live [[
[{"type": "aws:ec2:vpc", "name": "fire", "account": "123456789012", "region": "eu-west-1",
  "body": {"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16"}},
 {"type": "aws:ec2:subnet", "name": "subnet-1", "account": "123456789012", "region": "eu-west-1",
  "body": {"SubnetId": "subnet-1", "VpcId": "vpc-1", "AvailabilityZone": "eu-west-1a"}},
 {"type": "aws:ec2:natgateway", "name": "nat-1", "account": "123456789012", "region": "eu-west-1",
  "body": {"NatGatewayId": "nat-1", "VpcId": "vpc-1", "SubnetId": "subnet-1", "State": "available"}},
 {"type": "aws:ec2:vpc-endpoint", "name": "vpce-1", "account": "123456789012", "region": "eu-west-1",
  "body": {"VpcEndpointId": "vpce-1", "VpcId": "vpc-1", "ServiceName": "com.amazonaws.eu-west-1.ecr.api", "State": "available"}}]
]], [[
resource "aws_vpc" "fire" { cidr_block = "10.0.0.0/16" }
resource "aws_subnet" "s" { vpc_id = aws_vpc.fire.id }
resource "aws_nat_gateway" "n" { subnet_id = aws_subnet.s.id }]] },
    pass = { live [[
[{"type": "aws:ec2:vpc", "name": "dont_fire", "account": "123456789012", "region": "eu-west-1",
  "body": {"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16"}},
 {"type": "aws:ec2:subnet", "name": "subnet-1", "account": "123456789012", "region": "eu-west-1",
  "body": {"SubnetId": "subnet-1", "VpcId": "vpc-1", "AvailabilityZone": "eu-west-1a"}},
 {"type": "aws:ec2:natgateway", "name": "nat-1", "account": "123456789012", "region": "eu-west-1",
  "body": {"NatGatewayId": "nat-1", "VpcId": "vpc-1", "SubnetId": "subnet-1", "State": "available"}},
 {"type": "aws:ec2:vpc-endpoint", "name": "vpce-1", "account": "123456789012", "region": "eu-west-1",
  "body": {"VpcEndpointId": "vpce-1", "VpcId": "vpc-1", "ServiceName": "com.amazonaws.eu-west-1.s3", "State": "available"}}]
]], [[
resource "aws_vpc" "dont_fire" { cidr_block = "10.0.0.0/16" }
resource "aws_subnet" "s" { vpc_id = aws_vpc.dont_fire.id }
resource "aws_nat_gateway" "n" { subnet_id = aws_subnet.s.id }
resource "aws_vpc_endpoint" "s3" {
  vpc_id       = aws_vpc.dont_fire.id
  service_name = "com.amazonaws.eu-west-1.s3"
}]] },
    unknown = { live [[
[{"type": "aws:ec2:vpc", "name": "a", "account": "123456789012", "region": "eu-west-1",
  "body": {"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16"}},
 {"type": "aws:ec2:subnet", "name": "subnet-1", "account": "123456789012", "region": "eu-west-1",
  "body": {"SubnetId": "subnet-1", "VpcId": "vpc-1", "AvailabilityZone": "eu-west-1a"}},
 {"type": "aws:ec2:natgateway", "name": "nat-1", "account": "123456789012", "region": "eu-west-1",
  "body": {"NatGatewayId": "nat-1", "VpcId": "vpc-1", "SubnetId": "subnet-1", "State": "available"}}]
]], [[
variable "service" {}
resource "aws_vpc" "a" { cidr_block = "10.0.0.0/16" }
resource "aws_subnet" "s" { vpc_id = aws_vpc.a.id }
resource "aws_nat_gateway" "n" { subnet_id = aws_subnet.s.id }
resource "aws_vpc_endpoint" "s3" {
  vpc_id       = aws_vpc.a.id
  service_name = var.service
}]] },
  },
}
