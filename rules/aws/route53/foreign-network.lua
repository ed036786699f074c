local tags = lib "tags"

-- Networks that resolve the zone: { value's holder, value, entity or nil }.
local function networks(e)
  local found = {}
  if e.origin == "live" then
    for _, id in ipairs(list(e.networks)) do
      for _, vpc in ipairs(graph.all("aws.vpc")) do
        if vpc.origin == "live" and vpc.raw.VpcId == id then found[#found + 1] = vpc end
      end
    end
    return found
  end
  local function add(targets)
    for _, vpc in ipairs(targets) do
      if vpc.kind == "aws.vpc" then found[#found + 1] = vpc end
    end
  end
  for _, block in ipairs(list(e.raw.vpc)) do add(e:targets(block.vpc_id)) end
  for _, association in ipairs(e:satellites("association")) do add(association:targets(association.raw.vpc_id)) end
  return found
end

local function is_production(environment) return environment == "prod" end

return rule {
  id = "AWS-R53-006", title = "Private zone is associated with a VPC of another environment",
  severity = "medium", category = "network",
  frameworks = { "NIST-800-53r5:SC-7", "PCI-DSS-4.0:6.5.3", "SOC2:CC6.6", "ISO27001-2022:A.8.31" },
  for_each = "aws.route53.zone",
  where = function(e) return tags.environment(e) ~= nil and (not known(e.private) or e.private or e.origin == "live" or
    #e:referrers("aws.route53.zone_association") > 0) end,
  description = [[Names of production that development resolves lead its tests to production.]],
  remediation = [[Make a zone for each environment, and associate it with the networks of that environment alone.]],
  references = { "https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/hosted-zones-private.html" },
  check = function(e)
    local own = tags.environment(e)
    local vpcs = networks(e)
    local failures = {}
    for _, vpc in ipairs(vpcs) do
      local other = tags.environment(vpc)
      if other ~= nil and is_production(own) ~= is_production(other) then
        failures[#failures + 1] = fail("private zone " .. e.name .. " of " .. own .. " is associated with network " .. vpc.name ..
          " of " .. other, { at = e, evidence = { { vpc, "the network" } } })
      end
    end
    if #failures > 0 then return failures end
    if #vpcs == 0 then unknown("the networks of the zone are not in the scan") end
    for _, vpc in ipairs(vpcs) do
      if tags.environment(vpc) == nil then unknown("the environment of network " .. vpc.name .. " is not known") end
    end
  end,
  tests = {
    fail = { [[
resource "aws_vpc" "v" { tags = { environment = "dev" } }
resource "aws_route53_zone" "fire" {
  name = "prod.internal"
  tags = { environment = "prod" }
  vpc { vpc_id = aws_vpc.v.id }
}]], live [[
[{"type": "aws:ec2:vpc", "name": "v", "body": {"VpcId": "vpc-1", "Tags": [{"Key": "environment", "Value": "prod"}]}},
 {"type": "aws:route53:hostedzone", "name": "fire", "body": {"Name": "dev.internal.", "Config": {"PrivateZone": true},
  "VPCs": [{"VPCId": "vpc-1"}], "Tags": [{"Key": "environment", "Value": "dev"}]}}]
]] },
    pass = { [[
resource "aws_vpc" "v" { tags = { environment = "prod" } }
resource "aws_route53_zone" "dont_fire" {
  name = "prod.internal"
  tags = { environment = "prod" }
  vpc { vpc_id = aws_vpc.v.id }
}]], live [[
[{"type": "aws:ec2:vpc", "name": "v", "body": {"VpcId": "vpc-1", "Tags": [{"Key": "environment", "Value": "dev"}]}},
 {"type": "aws:route53:hostedzone", "name": "dont_fire", "body": {"Name": "dev.internal.", "Config": {"PrivateZone": true},
  "VPCs": [{"VPCId": "vpc-1"}], "Tags": [{"Key": "environment", "Value": "dev"}]}}]
]] },
    unknown = { [[
variable "vpc" {}
resource "aws_route53_zone" "a" {
  name = "prod.internal"
  tags = { environment = "prod" }
  vpc { vpc_id = var.vpc }
}]] },
  },
}
