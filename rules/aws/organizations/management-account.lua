-- Providers that work in the management account: those that make accounts, which only it can. An account of a live
-- answer is compared by its id.
local function managing()
  return once("providers of the management account", function()
    local found = {}
    for _, kind in ipairs { "aws.organizations.organization", "aws.organizations.account" } do
      for _, e in ipairs(graph.all(kind)) do
        if e.origin == "live" then
          if e.kind == "aws.organizations.organization" and e.manager ~= nil then found[e.manager] = true end
        else
          found[e.provider] = true
        end
      end
    end
    return found
  end)
end

return rule {
  id = "AWS-ORG-003", title = "Workloads run in the management account",
  severity = "high", category = "network",
  frameworks = { "NIST-800-53r5:SC-7", "PCI-DSS-4.0:6.5.3", "SOC2:CC6.6", "ISO27001-2022:A.8.31" },
  for_each = { "aws.vpc", "aws.ec2.instance", "aws.eks.cluster", "aws.rds.instance", "aws.rds.cluster", "aws.lambda.function",
    "aws.dynamodb.table", "aws.elb.load_balancer" },
  where = function(e) return next(managing()) ~= nil end,
  description = [[No service control policy binds the management account. Who breaks into a workload there owns the organisation.]],
  remediation = [[Make an account for the workload, and let a provider assume a role in it.]],
  references = { "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_best-practices_mgmt-acct.html" },
  check = function(e)
    local where = e.origin == "live" and e.account or e.provider
    if managing()[where] then return fail(e.name .. " runs in the management account of the organisation", { at = e }) end
  end,
  tests = {
    fail = { [[
resource "aws_organizations_organization" "o" {}
resource "aws_instance" "fire" { ami = "ami-1" }]], live [[
[{"type": "aws:organizations:organization", "name": "o", "body": {"Id": "o", "MasterAccountId": "111111111111"}},
 {"type": "aws:ec2:instance", "name": "fire", "account": "111111111111", "body": {"InstanceId": "i-1"}}]
]] },
    pass = { [[
provider "aws" {
  alias = "workload"
  assume_role { role_arn = "arn:aws:iam::222222222222:role/deploy" }
}
resource "aws_organizations_organization" "o" {}
resource "aws_instance" "dont_fire" {
  provider = aws.workload
  ami      = "ami-1"
}]], live [[
[{"type": "aws:organizations:organization", "name": "o", "body": {"Id": "o", "MasterAccountId": "111111111111"}},
 {"type": "aws:ec2:instance", "name": "dont_fire", "account": "222222222222", "body": {"InstanceId": "i-1"}}]
]] },
  },
}
