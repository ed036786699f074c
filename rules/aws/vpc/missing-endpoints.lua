return rule {
  id = "AWS-VPC-008", title = "Service traffic leaves the VPC although an endpoint exists",
  severity = "low", category = "cost",
  for_each = "aws.vpc",
  -- Only a VPC whose private subnets leave through NAT pays for the detour.
  where = function(e)
    for _, subnet in ipairs(e:satellites("subnet")) do
      if #subnet:satellites("nat") > 0 then return true end
    end
    return false
  end,
  description = [[Traffic to S3 and DynamoDB through a NAT gateway is charged by the gigabyte; gateway endpoints cost nothing.]],
  remediation = [[Add an `aws_vpc_endpoint` of type Gateway for S3 and DynamoDB.]],
  references = { "https://docs.aws.amazon.com/vpc/latest/privatelink/gateway-endpoints.html" },
  check = function(e)
    local missing = {}
    for _, service in ipairs { "s3", "dynamodb" } do
      local there = false
      for _, endpoint in ipairs(e:satellites("endpoint")) do
        if endpoint.service ~= nil and ends(endpoint.service, "." .. service) then there = true end
      end
      if not there then missing[#missing + 1] = service end
    end
    if has(missing, "s3") then
      return fail("VPC " .. e.name .. " sends traffic to " .. table.concat(missing, " and ") .. " through its NAT gateway", { at = e })
    end
  end,
  tests = {
    fail = { [[
resource "aws_vpc" "fire" { cidr_block = "10.0.0.0/16" }
resource "aws_subnet" "s" { vpc_id = aws_vpc.fire.id }
resource "aws_nat_gateway" "n" { subnet_id = aws_subnet.s.id }]] },
    pass = { [[
resource "aws_vpc" "dont_fire" { cidr_block = "10.0.0.0/16" }
resource "aws_subnet" "s" { vpc_id = aws_vpc.dont_fire.id }
resource "aws_nat_gateway" "n" { subnet_id = aws_subnet.s.id }
resource "aws_vpc_endpoint" "s3" {
  vpc_id       = aws_vpc.dont_fire.id
  service_name = "com.amazonaws.eu-west-1.s3"
}]] },
    unknown = { [[
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
