local routes = lib "routes"

return rule {
  id = "AWS-EKS-007", title = "Node group runs in public subnets",
  severity = "medium", category = "network",
  version = 2, changes = { "judged on live answers too" },
  frameworks = { "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6", "ISO27001-2022:A.8.20" },
  for_each = "aws.eks.node_group",
  description = [[Nodes need no address on the internet; in a public subnet a wrong security group is enough to expose them.]],
  remediation = [[Put the node group into private subnets behind a NAT gateway.]],
  references = { "https://docs.aws.amazon.com/eks/latest/best-practices/subnets.html" },
  check = function(e)
    local subnets = e:targets(e.raw[e.origin == "live" and "subnets" or "subnet_ids"])
    local unseen = #subnets == 0
    for _, subnet in ipairs(subnets) do
      if subnet.kind == "aws.vpc.subnet" then
        local all = routes.of_subnet(subnet)
        for _, item in ipairs(all) do
          if routes.is_default(item) and routes.to_internet(item) then
            return fail("nodes of " .. e.name .. " run in the public subnet " .. subnet.name,
              { at = e.origin == "live" and e or "subnet_ids", evidence = { { item.at, "its route to the internet" } } })
          end
        end
        unseen = unseen or #all == 0
      end
    end
    if unseen then unknown("the route tables of the node group's subnets are not in the scan") end
  end,
  tests = {
    fail = { [[
resource "aws_internet_gateway" "igw" { vpc_id = "vpc-1" }
resource "aws_subnet" "s" { vpc_id = "vpc-1" }
resource "aws_route_table" "rt" {
  vpc_id = "vpc-1"
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.igw.id
  }
}
resource "aws_route_table_association" "x" {
  subnet_id      = aws_subnet.s.id
  route_table_id = aws_route_table.rt.id
}
resource "aws_eks_node_group" "fire" {
  cluster_name = "c"
  subnet_ids   = [aws_subnet.s.id]
}]], live [[
[{"type": "aws:eks:nodegroup", "name": "fire", "body": {"nodegroupName": "fire", "subnets": ["subnet-1"]}},
 {"type": "aws:ec2:subnet", "name": "subnet-1", "body": {"SubnetId": "subnet-1", "VpcId": "vpc-1"}},
 {"type": "aws:ec2:route-table", "name": "rtb-1", "body": {"RouteTableId": "rtb-1", "VpcId": "vpc-1", "Associations": [{"SubnetId": "subnet-1", "Main": false}],
  "Routes": [{"DestinationCidrBlock": "0.0.0.0/0", "GatewayId": "igw-1"}]}}]
]] },
    pass = { [[
resource "aws_subnet" "s" { vpc_id = "vpc-1" }
resource "aws_route_table" "rt" {
  vpc_id = "vpc-1"
  route {
    cidr_block     = "0.0.0.0/0"
    nat_gateway_id = "nat-1"
  }
}
resource "aws_route_table_association" "x" {
  subnet_id      = aws_subnet.s.id
  route_table_id = aws_route_table.rt.id
}
resource "aws_eks_node_group" "dont_fire" {
  cluster_name = "c"
  subnet_ids   = [aws_subnet.s.id]
}]], live [[
[{"type": "aws:eks:nodegroup", "name": "dont_fire", "body": {"nodegroupName": "dont_fire", "subnets": ["subnet-1"]}},
 {"type": "aws:ec2:subnet", "name": "subnet-1", "body": {"SubnetId": "subnet-1", "VpcId": "vpc-1"}},
 {"type": "aws:ec2:route-table", "name": "rtb-1", "body": {"RouteTableId": "rtb-1", "VpcId": "vpc-1", "Associations": [{"SubnetId": "subnet-1", "Main": false}],
  "Routes": [{"DestinationCidrBlock": "0.0.0.0/0", "NatGatewayId": "nat-1"}]}}]
]] },
    unknown = { [[
resource "aws_eks_node_group" "a" {
  cluster_name = "c"
  subnet_ids   = ["subnet-1"]
}]], live [[
[{"type": "aws:eks:nodegroup", "name": "a", "body": {"nodegroupName": "a", "subnets": ["subnet-1"]}}]
]] },
  },
}
