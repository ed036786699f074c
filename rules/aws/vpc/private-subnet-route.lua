local values = lib "values"
local routes = lib "routes"
local tags = lib "tags"

local function says_private(e)
  if match(e.name, "(?i)private|internal") then return true end
  for _, tag in ipairs(tags.known(e)) do
    if tag[1] == "kubernetes.io/role/internal-elb" then return true end
    if one_of(tags.fold(tag[1]), "name", "tier", "type", "role", "network") and match(tag[2], "(?i)private|internal") then
      return true
    end
  end
  return false
end

return rule {
  id = "AWS-VPC-004", title = "Private subnet has a default route straight to the internet",
  severity = "high", category = "network",
  aliases = { CKV2_AWS_35 = "instance" },
  frameworks = { "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6", "ISO27001-2022:A.8.20" },
  for_each = { "aws.vpc.subnet", "aws.vpc.route_table", "aws.vpc.route" },
  where = function(e) return e.kind ~= "aws.vpc.subnet" or says_private(e) end,
  description = [[A subnet with a default route to an internet gateway is a public one, whatever its name says: each machine with
an address in it is on the internet.]],
  remediation = [[Route `0.0.0.0/0` to a NAT gateway, a transit gateway or an inspection endpoint.]],
  references = { "https://docs.aws.amazon.com/vpc/latest/userguide/VPC_Internet_Gateway.html" },
  check = function(e)
    if e.kind ~= "aws.vpc.subnet" then
      local all = { e.raw }
      if e.kind == "aws.vpc.route_table" then all = routes.of(e) end
      return each(all, function(route)
        if not routes.is_default({ at = route }) then return end
        if route.InstanceId ~= nil or e.origin ~= "live" and values.set(e, route, "instance_id") then
          return fail("the default route of " .. e.name .. " leads to a NAT instance instead of a NAT gateway",
            { case = "instance", at = route, severity = "low" })
        end
      end)
    end
    for _, item in ipairs(routes.of_subnet(e)) do
      if routes.is_default(item) and routes.to_internet(item) then
        return fail("private subnet " .. e.name .. " has a default route to an internet gateway",
          { at = e, evidence = { { item.at, "the route" } } })
      end
    end
  end,
  tests = {
    fail = { live [[
[{"type": "aws:ec2:subnet", "name": "fire",
  "body": {"SubnetId": "subnet-1", "VpcId": "vpc-1", "Tags": [{"Key": "Name", "Value": "app-private-a"}]}},
 {"type": "aws:ec2:route-table", "name": "rtb-1",
  "body": {"RouteTableId": "rtb-1", "VpcId": "vpc-1", "Associations": [{"Main": true}],
    "Routes": [{"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local", "State": "active"},
      {"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-1", "State": "active"}]}}]
]], live [[
[{"type": "aws:ec2:route-table", "name": "fire",
  "body": {"RouteTableId": "rtb-1", "VpcId": "vpc-1", "Associations": [{"Main": true}],
    "Routes": [{"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local", "State": "active"},
      {"DestinationCidrBlock": "0.0.0.0/0", "InstanceId": "i-1", "NetworkInterfaceId": "eni-1", "State": "active"}]}}]
]], [[
resource "aws_internet_gateway" "igw" { vpc_id = "vpc-1" }
resource "aws_subnet" "fire" {
  vpc_id = "vpc-1"
  tags   = { Name = "app-private-a" }
}
resource "aws_route_table" "rt" {
  vpc_id = "vpc-1"
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.igw.id
  }
}
resource "aws_route_table_association" "x" {
  subnet_id      = aws_subnet.fire.id
  route_table_id = aws_route_table.rt.id
}]] },
    pass = { live [[
[{"type": "aws:ec2:subnet", "name": "dont_fire",
  "body": {"SubnetId": "subnet-1", "VpcId": "vpc-1", "Tags": [{"Key": "Name", "Value": "app-private-a"}]}},
 {"type": "aws:ec2:route-table", "name": "rtb-1",
  "body": {"RouteTableId": "rtb-1", "VpcId": "vpc-1", "Associations": [{"Main": true}],
    "Routes": [{"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local", "State": "active"},
      {"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-1", "State": "active"}]}},
 {"type": "aws:ec2:route-table", "name": "rtb-2",
  "body": {"RouteTableId": "rtb-2", "VpcId": "vpc-1", "Associations": [{"Main": false, "SubnetId": "subnet-1"}],
    "Routes": [{"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local", "State": "active"},
      {"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "nat-1", "State": "active"}]}}]
]], [[
resource "aws_nat_gateway" "nat" { subnet_id = "subnet-1" }
resource "aws_subnet" "dont_fire" {
  vpc_id = "vpc-1"
  tags   = { Name = "app-private-a" }
}
resource "aws_route_table" "rt" {
  vpc_id = "vpc-1"
  route {
    cidr_block     = "0.0.0.0/0"
    nat_gateway_id = aws_nat_gateway.nat.id
  }
}
resource "aws_route_table_association" "x" {
  subnet_id      = aws_subnet.dont_fire.id
  route_table_id = aws_route_table.rt.id
}]] },
    unknown = { live [[
[{"type": "aws:ec2:subnet", "name": "a",
  "body": {"SubnetId": "subnet-1", "VpcId": "vpc-1", "Tags": [{"Key": "Name", "Value": "app-private-a"}]}}]
]], [[
variable "where" {}
resource "aws_internet_gateway" "igw" { vpc_id = "vpc-1" }
resource "aws_subnet" "unsure" {
  vpc_id = "vpc-1"
  tags   = { Name = "app-private-a" }
}
resource "aws_route_table" "rt" {
  vpc_id = "vpc-1"
  route {
    cidr_block = var.where
    gateway_id = aws_internet_gateway.igw.id
  }
}
resource "aws_route_table_association" "x" {
  subnet_id      = aws_subnet.unsure.id
  route_table_id = aws_route_table.rt.id
}]] },
  },
}
