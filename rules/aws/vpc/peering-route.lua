local routes = lib "routes"

return rule {
  id = "AWS-VPC-005", title = "Peering route is wider than the peer",
  severity = "medium", category = "network",
  aliases = { "CKV2_AWS_44" },
  frameworks = { "CIS-AWS-3.0:5.5", "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6",
    "ISO27001-2022:A.8.20" },
  for_each = { "aws.vpc.route_table", "aws.vpc.route" },
  description = [[A route for the whole world through a peering connection sends everything to the other network, and lets it reach
back.]],
  remediation = [[Route the peer's own range only.]],
  references = { "https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-routing.html" },
  check = function(e)
    return each(e.kind == "aws.vpc.route_table" and routes.of(e) or { e.raw }, function(route)
      local wide = routes.everywhere(route)
      if not wide then return end
      if route.VpcPeeringConnectionId ~= nil or not known(route.vpc_peering_connection_id) or (route.vpc_peering_connection_id ~= nil
          and route.vpc_peering_connection_id ~= "") then
        return fail("route table " .. e.name .. " sends " .. wide .. " through a peering connection", { at = route })
      end
    end)
  end,
  tests = {
    fail = { live [[
[{"type": "aws:ec2:route-table", "name": "fire",
  "body": {"RouteTableId": "rtb-1", "VpcId": "vpc-1", "Associations": [{"Main": true}],
    "Routes": [{"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local", "State": "active"},
      {"DestinationCidrBlock": "0.0.0.0/0", "VpcPeeringConnectionId": "pcx-1", "State": "active"}]}}]
]], [[
resource "aws_vpc_peering_connection" "p" { vpc_id = "vpc-1" }
resource "aws_route" "fire" {
  route_table_id            = "rtb-1"
  destination_cidr_block    = "0.0.0.0/0"
  vpc_peering_connection_id = aws_vpc_peering_connection.p.id
}]] },
    pass = { live [[
[{"type": "aws:ec2:route-table", "name": "dont_fire",
  "body": {"RouteTableId": "rtb-1", "VpcId": "vpc-1", "Associations": [{"Main": true}],
    "Routes": [{"DestinationCidrBlock": "10.0.0.0/16", "GatewayId": "local", "State": "active"},
      {"DestinationCidrBlock": "10.2.0.0/16", "VpcPeeringConnectionId": "pcx-1", "State": "active"}]}}]
]], [[
resource "aws_vpc_peering_connection" "p" { vpc_id = "vpc-1" }
resource "aws_route" "dont_fire" {
  route_table_id            = "rtb-1"
  destination_cidr_block    = "10.2.0.0/16"
  vpc_peering_connection_id = aws_vpc_peering_connection.p.id
}]] },
    unknown = { [[
variable "net" {}
resource "aws_vpc_peering_connection" "p" { vpc_id = "vpc-1" }
resource "aws_route" "a" {
  route_table_id            = "rtb-1"
  destination_cidr_block    = var.net
  vpc_peering_connection_id = aws_vpc_peering_connection.p.id
}]] },
  },
}
