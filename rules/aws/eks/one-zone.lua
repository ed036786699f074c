local tags = lib "tags"

return rule {
  id = "AWS-EKS-011", title = "Production cluster or its node groups live in one zone",
  severity = "high", category = "resilience",
  version = 2, changes = { "judged on live answers too" },
  frameworks = { "NIST-800-53r5:CP-10", "SOC2:A1.2", "ISO27001-2022:A.8.14" },
  for_each = "aws.eks.cluster",
  where = function(e) return tags.production(e) end,
  description = [[A production cluster in one zone goes down with it.]],
  remediation = [[Give the cluster and its node groups subnets in two zones or more.]],
  references = { "https://docs.aws.amazon.com/eks/latest/userguide/disaster-recovery-resiliency.html" },
  check = function(e)
    local zones, n, first = {}, 0, nil
    local ids = e.raw.vpc_config.subnet_ids
    if e.origin == "live" then ids = e.raw.resourcesVpcConfig.subnetIds end
    local subnets = e:targets(ids)
    if #subnets == 0 then unknown("the subnets of the cluster are not in the scan") end
    for _, subnet in ipairs(subnets) do
      if subnet.kind == "aws.vpc.subnet" then
        local zone = subnet.zone
        if zone == nil then unknown("the zone of subnet " .. subnet.name .. " is chosen by AWS") end
        if not zones[zone] then
          zones[zone] = true
          n = n + 1
          first = first or zone
        end
      end
    end
    if n < 2 and e.origin == "live" and #subnets < #list(ids) then unknown("not all subnets of the cluster were collected") end
    if n < 2 then return fail("production cluster " .. e.name .. " lives in " .. (first or "one zone") .. " only", { at = e }) end
  end,
  tests = {
    fail = { [[
resource "aws_subnet" "s" {
  vpc_id            = "vpc-1"
  availability_zone = "eu-west-1a"
}
resource "aws_eks_cluster" "fire" {
  name = "fire"
  tags = { Environment = "prod" }
  vpc_config { subnet_ids = [aws_subnet.s.id] }
}]], live [[
[{"type": "aws:eks:cluster", "name": "fire", "body": {"name": "fire", "tags": {"environment": "prod"}, "resourcesVpcConfig": {"subnetIds": ["subnet-1", "subnet-2"]}}},
 {"type": "aws:ec2:subnet", "name": "subnet-1", "body": {"SubnetId": "subnet-1", "AvailabilityZone": "eu-west-1a"}},
 {"type": "aws:ec2:subnet", "name": "subnet-2", "body": {"SubnetId": "subnet-2", "AvailabilityZone": "eu-west-1a"}}]
]] },
    pass = { [[
resource "aws_subnet" "a" {
  vpc_id            = "vpc-1"
  availability_zone = "eu-west-1a"
}
resource "aws_subnet" "b" {
  vpc_id            = "vpc-1"
  availability_zone = "eu-west-1b"
}
resource "aws_eks_cluster" "dont_fire" {
  name = "dont_fire"
  tags = { Environment = "prod" }
  vpc_config { subnet_ids = [aws_subnet.a.id, aws_subnet.b.id] }
}]], live [[
[{"type": "aws:eks:cluster", "name": "dont_fire", "body": {"name": "dont_fire", "tags": {"environment": "prod"}, "resourcesVpcConfig": {"subnetIds": ["subnet-1", "subnet-2"]}}},
 {"type": "aws:ec2:subnet", "name": "subnet-1", "body": {"SubnetId": "subnet-1", "AvailabilityZone": "eu-west-1a"}},
 {"type": "aws:ec2:subnet", "name": "subnet-2", "body": {"SubnetId": "subnet-2", "AvailabilityZone": "eu-west-1b"}}]
]] },
    unknown = { [[
resource "aws_eks_cluster" "a" {
  name = "a"
  tags = { Environment = "prod" }
  vpc_config { subnet_ids = ["subnet-1"] }
}]], live [[
[{"type": "aws:eks:cluster", "name": "a", "body": {"name": "a", "tags": {"environment": "prod"}, "resourcesVpcConfig": {"subnetIds": ["subnet-1"]}}}]
]] },
  },
}
