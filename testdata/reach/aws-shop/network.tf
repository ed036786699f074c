locals {
  environments = {
    prod = "10.10.0.0/16"
    dev  = "10.20.0.0/16"
  }
}

resource "aws_vpc" "main" {
  for_each   = local.environments
  cidr_block = each.value
  tags       = { Name = each.key, Environment = each.key }
}

resource "aws_internet_gateway" "prod" {
  vpc_id = aws_vpc.main["prod"].id
}

resource "aws_subnet" "public" {
  count                   = 2
  vpc_id                  = aws_vpc.main["prod"].id
  cidr_block              = cidrsubnet(local.environments.prod, 8, count.index)
  availability_zone       = element(["eu-west-1a", "eu-west-1b"], count.index)
  map_public_ip_on_launch = true
}

resource "aws_subnet" "app" {
  count             = 2
  vpc_id            = aws_vpc.main["prod"].id
  cidr_block        = cidrsubnet(local.environments.prod, 8, 10 + count.index)
  availability_zone = element(["eu-west-1a", "eu-west-1b"], count.index)
}

resource "aws_subnet" "data" {
  count             = 2
  vpc_id            = aws_vpc.main["prod"].id
  cidr_block        = cidrsubnet(local.environments.prod, 8, 20 + count.index)
  availability_zone = element(["eu-west-1a", "eu-west-1b"], count.index)
}

resource "aws_subnet" "dev" {
  vpc_id     = aws_vpc.main["dev"].id
  cidr_block = cidrsubnet(local.environments.dev, 8, 1)
}

resource "aws_eip" "nat" {
  domain = "vpc"
}

resource "aws_nat_gateway" "prod" {
  allocation_id = aws_eip.nat.id
  subnet_id     = aws_subnet.public[0].id
}

resource "aws_route_table" "public" {
  vpc_id = aws_vpc.main["prod"].id
}

resource "aws_route" "public" {
  route_table_id         = aws_route_table.public.id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.prod.id
}

resource "aws_route_table" "app" {
  vpc_id = aws_vpc.main["prod"].id
}

resource "aws_route" "app" {
  route_table_id         = aws_route_table.app.id
  destination_cidr_block = "0.0.0.0/0"
  nat_gateway_id         = aws_nat_gateway.prod.id
}

resource "aws_route_table" "data" {
  vpc_id = aws_vpc.main["prod"].id
}

resource "aws_route_table_association" "public" {
  count          = 2
  subnet_id      = aws_subnet.public[count.index].id
  route_table_id = aws_route_table.public.id
}

resource "aws_route_table_association" "app" {
  count          = 2
  subnet_id      = aws_subnet.app[count.index].id
  route_table_id = aws_route_table.app.id
}

resource "aws_route_table_association" "data" {
  count          = 2
  subnet_id      = aws_subnet.data[count.index].id
  route_table_id = aws_route_table.data.id
}
