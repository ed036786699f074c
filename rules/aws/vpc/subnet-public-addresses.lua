local routes, tags = lib "routes", lib "tags"

-- A subnet that says it is public: by a tag, its Name, or the role that Kubernetes reads.
local function says_public(e)
  for _, tag in ipairs(tags.known(e)) do
    if tag[1] == "kubernetes.io/role/elb" then return true end
    if one_of(tags.fold(tag[1]), "name", "tier", "type", "role", "network", "visibility") and match(tag[2], "(?i)public|dmz") then
      return true
    end
  end
  return match(e.name, "(?i)public|dmz") ~= nil
end

local function to_internet(e)
  for _, item in ipairs(routes.of_subnet(e)) do
    if routes.is_default(item) and routes.to_internet(item) then return true end
  end
  return false
end

return rule {
  id = "AWS-VPC-003", title = "Subnet hands out public addresses",
  severity = "medium", category = "network",
  version = 2, changes = { "IPv6 addresses count where a route leads to an internet gateway" },
  aliases = { "CKV_AWS_130", "AVD-AWS-0164" },
  frameworks = { "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6", "ISO27001-2022:A.8.20" },
  for_each = "aws.vpc.subnet",
  description = [[Machines in such a subnet get a public address without anyone asking for it. A subnet that is named or tagged
public is meant so and only reported as information.]],
  remediation = [[Set `map_public_ip_on_launch = false`; give addresses to those that need them.]],
  references = { "https://docs.aws.amazon.com/vpc/latest/userguide/subnet-public-ip.html" },
  check = function(e)
    local public = e.public_addresses
    if public then
      return fail("subnet " .. e.name .. " gives public addresses to what is launched in it",
        { case = "ipv4", at = "public_addresses", severity = says_public(e) and "info" or nil })
    end
    -- Every IPv6 address is a public one: it can be reached where a route leads to an internet gateway.
    if e.ipv6_addresses and not says_public(e) and to_internet(e) then
      return fail("subnet " .. e.name .. " gives public IPv6 addresses to what is launched in it",
        { at = "ipv6_addresses", severity = "low" })
    end
  end,
  fix = set("public_addresses", false, "ipv4"),
  tests = {
    fail = { live [[
[{"type": "aws:ec2:subnet", "name": "fire", "body": {"MapPublicIpOnLaunch": true, "AssignIpv6AddressOnCreation": false}}]
]], [[
resource "aws_subnet" "fire" {
  vpc_id                  = "vpc-1"
  map_public_ip_on_launch = true
}]], [[
resource "aws_subnet" "fire" {
  vpc_id                          = "vpc-1"
  assign_ipv6_address_on_creation = true
}
resource "aws_internet_gateway" "out" { vpc_id = "vpc-1" }
resource "aws_route_table" "t" {
  vpc_id = "vpc-1"
  route {
    ipv6_cidr_block = "::/0"
    gateway_id      = aws_internet_gateway.out.id
  }
}
resource "aws_route_table_association" "a" {
  subnet_id      = aws_subnet.fire.id
  route_table_id = aws_route_table.t.id
}]] },
    pass = { [[
resource "aws_subnet" "dont_fire" {
  vpc_id                          = "vpc-1"
  assign_ipv6_address_on_creation = true
}
resource "aws_egress_only_internet_gateway" "out" { vpc_id = "vpc-1" }
resource "aws_route_table" "t" {
  vpc_id = "vpc-1"
  route {
    ipv6_cidr_block        = "::/0"
    egress_only_gateway_id = aws_egress_only_internet_gateway.out.id
  }
}
resource "aws_route_table_association" "a" {
  subnet_id      = aws_subnet.dont_fire.id
  route_table_id = aws_route_table.t.id
}]], live [[
[{"type": "aws:ec2:subnet", "name": "dont_fire",
  "body": {"MapPublicIpOnLaunch": false, "AssignIpv6AddressOnCreation": false}}]
]], [[resource "aws_subnet" "dont_fire" { vpc_id = "vpc-1" }]] },
    unknown = { [[
variable "public" { type = bool }
resource "aws_subnet" "a" {
  vpc_id                  = "vpc-1"
  map_public_ip_on_launch = var.public
}]] },
  },
}
