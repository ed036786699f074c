return rule {
  id = "AWS-TGW-002", title = "Gateway joins every attachment to one default route table",
  severity = "medium", category = "network",
  frameworks = { "NIST-800-53r5:SC-7", "PCI-DSS-4.0:6.5.3", "SOC2:CC6.6", "ISO27001-2022:A.8.31" },
  for_each = "aws.tgw.gateway",
  description = [[With the default route table, every network that is attached reaches every other one: development reaches production.]],
  remediation = [[Set `default_route_table_association = "disable"` and `default_route_table_propagation = "disable"`, and make a route table
for each environment.]],
  references = { "https://docs.aws.amazon.com/vpc/latest/tgw/tgw-best-design-practices.html" },
  check = function(e)
    if e.default_association then
      return fail("gateway " .. e.name .. " puts every attachment into one route table", { at = "default_association" })
    end
    if e.default_propagation then
      return fail("gateway " .. e.name .. " spreads the routes of every attachment", { at = "default_propagation" })
    end
  end,
  fix = { set("raw.default_route_table_association", "disable"), set("raw.default_route_table_propagation", "disable") },
  tests = {
    fail = { [[resource "aws_ec2_transit_gateway" "fire" {}]], [[
resource "aws_ec2_transit_gateway" "fire" { default_route_table_association = "disable" }]], live [[
[{"type": "aws:ec2:transit-gateway", "name": "fire",
  "body": {"Options": {"DefaultRouteTableAssociation": "enable", "DefaultRouteTablePropagation": "enable"}}}]
]] },
    pass = { [[
resource "aws_ec2_transit_gateway" "dont_fire" {
  default_route_table_association = "disable"
  default_route_table_propagation = "disable"
}]], live [[
[{"type": "aws:ec2:transit-gateway", "name": "dont_fire",
  "body": {"Options": {"DefaultRouteTableAssociation": "disable", "DefaultRouteTablePropagation": "disable"}}}]
]] },
    unknown = { [[
variable "a" {}
resource "aws_ec2_transit_gateway" "a" { default_route_table_association = var.a }]] },
  },
}
