local tags = lib "tags"

return rule {
  id = "AWS-VPC-011", title = "Production network depends on one zone",
  severity = "medium", category = "resilience",
  frameworks = { "NIST-800-53r5:CP-10", "SOC2:A1.2", "ISO27001-2022:A.8.14" },
  for_each = "aws.vpc",
  where = function(e) return tags.production(e) and #e:satellites("subnet") > 0 end,
  description = [[A network in one zone, or whose zones all leave through one NAT gateway, goes down with that zone.]],
  remediation = [[Spread the private subnets over two zones or more, each with its own NAT gateway.]],
  references = { "https://docs.aws.amazon.com/vpc/latest/userguide/nat-gateway-basics.html" },
  check = function(e)
    local zones, n, first, nats = {}, 0, nil, 0
    for _, subnet in ipairs(e:satellites("subnet")) do
      local zone = subnet.zone
      if zone == nil then unknown("the zone of subnet " .. subnet.name .. " is chosen by AWS") end
      if not zones[zone] then
        zones[zone] = true
        n = n + 1
        first = first or zone
      end
      nats = nats + #subnet:satellites("nat")
    end
    if n < 2 then return fail("all subnets of production VPC " .. e.name .. " lie in " .. first, { at = e }) end
    if nats == 1 then
      return fail("production VPC " .. e.name .. " spans " .. n .. " zones but has one NAT gateway", { at = e, severity = "low" })
    end
  end,
  tests = {
    fail = { [[
resource "aws_vpc" "fire" {
  cidr_block = "10.0.0.0/16"
  tags       = { Environment = "prod" }
}
resource "aws_subnet" "a" {
  vpc_id            = aws_vpc.fire.id
  availability_zone = "eu-west-1a"
}]] },
    pass = { [[
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
    unknown = { [[
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
