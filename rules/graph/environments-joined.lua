-- luacheck: no max line length
local tags = lib "tags"
local kube = lib "kube"

local function side(name, cidr, environment, other, ingress)
  return string.format([[
resource "aws_vpc" "%s" {
  cidr_block = "%s"
  tags       = { Environment = %s }
}
resource "aws_subnet" "%s" {
  vpc_id     = aws_vpc.%s.id
  cidr_block = "%s"
}
resource "aws_route_table" "%s" {
  vpc_id = aws_vpc.%s.id
  route {
    cidr_block                = aws_vpc.%s.cidr_block
    vpc_peering_connection_id = aws_vpc_peering_connection.fire.id
  }
}
resource "aws_route_table_association" "%s" {
  subnet_id      = aws_subnet.%s.id
  route_table_id = aws_route_table.%s.id
}
resource "aws_security_group" "%s" {
  vpc_id = aws_vpc.%s.id
  ingress {
    protocol    = "tcp"
    from_port   = 5432
    to_port     = 5432
    cidr_blocks = ["%s"]
  }
  egress {
    protocol    = "-1"
    from_port   = 0
    to_port     = 0
    cidr_blocks = ["0.0.0.0/0"]
  }
}
resource "aws_instance" "%s" {
  ami                    = "ami-1"
  instance_type          = "t3.micro"
  subnet_id              = aws_subnet.%s.id
  vpc_security_group_ids = [aws_security_group.%s.id]
}
]], name, cidr, environment, name, name, cidr, name, name, other, name, name, name, name, name, ingress, name, name, name)
end

local function example(a, b, ingress)
  return [[
variable "stage" {}
resource "aws_vpc_peering_connection" "fire" {
  vpc_id      = aws_vpc.a.id
  peer_vpc_id = aws_vpc.b.id
  auto_accept = true
}
]] .. side("a", "10.1.0.0/16", a, "b", "192.168.0.0/16") .. side("b", "10.2.0.0/16", b, "a", ingress)
end

-- By its tags, its name, or what it is declared for.
local function environment(e)
  return tags.environment(e) or kube.word(e.name)
end

-- Networks that meet here: of a peering both, of an attachment its own and those of the others at the gateway.
local function networks(e)
  local found = {}
  local function add(list)
    for _, one in ipairs(list) do
      if one_of(one.kind, "aws.vpc", "gcp.compute.network") then found[#found + 1] = one end
    end
  end
  add(e:edges_from("peers_with"))
  add(e:edges_from("attached_to"))
  if e.kind == "aws.tgw.vpc_attachment" then
    for _, gateway in ipairs(e:edges_from("attached_to")) do
      if gateway.kind == "aws.tgw.gateway" then
        for _, other in ipairs(gateway:edges_to("attached_to")) do
          if other.kind == e.kind and other ~= e then add(other:edges_from("attached_to")) end
        end
      end
    end
  end
  return found
end

return rule {
  id = "GRAPH-012", title = "Production and another environment are joined by network", severity = "high", category = "network",
  frameworks = { "NIST-800-53r5:SC-7", "PCI-DSS-4.0:6.5.3", "SOC2:CC6.6", "ISO27001-2022:A.8.31" },
  for_each = { "aws.vpc.peering", "aws.tgw.vpc_attachment", "gcp.compute.peering" },
  description = [[A peering or transit gateway, routes on both sides and security groups together let a machine of another environment
open connections to one of production. What runs in test and development is less guarded and changed by more people; joined networks make
production as safe as that. The environment is that of tags, of the network's name, or of the configuration.]],
  remediation = [[Remove the route or the peering, give production a route table of its own at the transit gateway, or take the other
environment's networks out of the security groups.]],
  references = { "https://docs.aws.amazon.com/vpc/latest/tgw/transit-gateway-isolated.html",
    "https://cloud.google.com/architecture/best-practices-vpc-design" },
  check = function(join)
    local all, open = networks(join), nil
    local first = all[1]
    for i = 2, #all do
      local a, b = first, all[i]
      local of_a, of_b = environment(a), environment(b)
      -- Of an attachment each pair is looked at from production's side, so that it is told once.
      local gateway = join.kind == "aws.tgw.vpc_attachment"
      if of_a and of_b and (of_a == "prod") ~= (of_b == "prod") and (not gateway or of_a == "prod") then
        if of_a == "prod" then a, b, of_a = b, a, of_b end
        local from, to, ports, how = net.joined(a, b)
        if from then
          return fail(from.name .. " (" .. of_a .. ") reaches " .. to.name .. " of production by " .. join.name .. " on " .. ports
            .. "; remove the route, or the other environment's networks from the security groups", { evidence = how })
        end
      elseif not of_a or not of_b then
        open = open or (not of_a and a or b)
      end
    end
    if open then unknown("which environment " .. open.name .. " belongs to is not known") end
  end,
  tests = {
    fail = { example('"dev"', '"prod"', "10.1.0.0/16"), example('"staging"', '"production"', "10.0.0.0/8") },
    pass = { string.gsub(example('"dev"', '"prod"', "10.2.0.0/16"), "fire", "dont_fire") .. "",
      string.gsub(example('"dev"', '"staging"', "10.1.0.0/16"), "fire", "dont_fire") .. "" },
    unknown = { example("var.stage", '"prod"', "10.1.0.0/16") },
  },
}
