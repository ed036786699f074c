local iam = lib "iam"

local function judge(e, statements)
  return each(statements, function(s)
    if not iam.allows(s) or #s.conditions > 0 then return end
    if iam.wildcard_principal(e, s) and iam.has_star(e, s.actions) and iam.any_resource(e, s) then
      return fail("the policy of endpoint " .. e.name .. " allows everything to everyone", { at = s.at })
    end
  end)
end

return rule {
  id = "AWS-VPC-007", title = "Endpoint policy allows everything",
  severity = "medium", category = "network",
  frameworks = { "NIST-800-53r5:AC-4", "PCI-DSS-4.0:1.3.2", "SOC2:CC6.7", "ISO27001-2022:A.8.12" },
  for_each = { "aws.vpc.endpoint", "aws.vpc.endpoint_policy" },
  -- Endpoints of services without policies, and gateway load balancers, cannot have one.
  where = function(e) return e.kind ~= "aws.vpc.endpoint" or one_of(e.endpoint_type, "Gateway", "Interface") end,
  description = [[Through an endpoint without a policy the resources of every account can be reached, so data can be copied to a
stranger's bucket without crossing the internet gateway that is watched.]],
  remediation = [[Set `policy` with the accounts or resources that may be reached.]],
  references = { "https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html" },
  check = function(e)
    if e.kind == "aws.vpc.endpoint_policy" then return judge(e, iam.statements(json(e.raw.policy))) end
    if known(e.raw.policy) and e.raw.policy == nil and e.raw.PolicyDocument == nil then
      if #e:satellites("policy") > 0 then return end
      return fail("endpoint " .. e.name .. " has the default policy, which allows everything")
    end
    if e.origin == "live" then return judge(e, iam.statements(json(e.raw.PolicyDocument))) end
    return judge(e, iam.statements(json(e.raw.policy)))
  end,
  tests = {
    fail = { live [[
[{"type": "aws:ec2:vpc-endpoint", "name": "fire",
  "body": {"PolicyDocument": "{\"Statement\":[{\"Effect\":\"Allow\",\"Principal\":\"*\",\"Action\":\"*\",\"Resource\":\"*\"}]}"}}]
]], [[
resource "aws_vpc_endpoint" "fire" {
  vpc_id       = "vpc-1"
  service_name = "com.amazonaws.eu-west-1.s3"
}]] },
    pass = { live [[
[{"type": "aws:ec2:vpc-endpoint", "name": "dont_fire",
  "body": {"PolicyDocument": {"Statement": [{"Effect": "Allow", "Principal": {"AWS": "arn:aws:iam::1:root"},
    "Action": "s3:GetObject", "Resource": "arn:aws:s3:::x/*"}]}}}]
]], [[
resource "aws_vpc_endpoint" "dont_fire" {
  vpc_id       = "vpc-1"
  service_name = "com.amazonaws.eu-west-1.s3"
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = "*", Action = "s3:*", Resource = "*",
      Condition = { StringEquals = { "aws:ResourceOrgID" = "o-1" } } }]
  })
}]] },
    unknown = { [[
variable "policy" {}
resource "aws_vpc_endpoint" "a" {
  vpc_id       = "vpc-1"
  service_name = "com.amazonaws.eu-west-1.s3"
  policy       = var.policy
}]] },
  },
}
