local tags = lib "tags"

local kinds = { "aws.vpc", "aws.ec2.instance", "aws.eks.cluster", "aws.rds.instance", "aws.rds.cluster", "aws.s3.bucket",
  "aws.dynamodb.table", "aws.lambda.function" }

local function place(e) return e.origin == "live" and e.account or e.provider end

-- For each account or provider: the first production resource, and the first of another environment.
local function places()
  return once("environments of accounts", function()
    local found = {}
    for _, kind in ipairs(kinds) do
      for _, e in ipairs(graph.all(kind)) do
        local environment, where = tags.named_environment(e), place(e)
        if environment ~= nil and where ~= "" then
          found[where] = found[where] or {}
          local slot = environment == "prod" and "prod" or "other"
          found[where][slot] = found[where][slot] or e.address
          if slot == "other" then found[where].word = found[where].word or environment end
        end
      end
    end
    return found
  end)
end

return rule {
  id = "AWS-ORG-004", title = "Environments share one account",
  severity = "medium", category = "network",
  frameworks = { "NIST-800-53r5:SC-7", "PCI-DSS-4.0:6.5.3", "SOC2:CC6.6", "ISO27001-2022:A.8.31" },
  for_each = kinds,
  -- One finding an account: at its first production resource.
  where = function(e)
    local here = places()[place(e)]
    return here ~= nil and here.prod == e.address
  end,
  description = [[Within an account, limits, roles and mistakes are shared: who administers development can reach production.]],
  remediation = [[Give each environment an account of its own.]],
  references = { "https://docs.aws.amazon.com/whitepapers/latest/organizing-your-aws-environment/organizing-your-aws-environment.html" },
  check = function(e)
    local here = places()[place(e)]
    if here.other then
      return fail("production (" .. e.name .. ") shares " .. (e.origin == "live" and "account " .. e.account or "an account") .. " with " ..
        here.word .. " (" .. here.other .. ")", { at = e })
    end
  end,
  tests = {
    fail = { [[
resource "aws_vpc" "fire" { tags = { environment = "prod" } }
resource "aws_vpc" "b" { tags = { environment = "dev" } }]], live [[
[{"type": "aws:ec2:vpc", "name": "fire", "account": "111111111111", "body": {"Tags": [{"Key": "environment", "Value": "prod"}]}},
 {"type": "aws:ec2:vpc", "name": "b", "account": "111111111111", "body": {"Tags": [{"Key": "environment", "Value": "dev"}]}}]
]] },
    pass = { [[
resource "aws_vpc" "dont_fire" { tags = { environment = "prod" } }
resource "aws_vpc" "b" { tags = { environment = "prod" } }]], live [[
[{"type": "aws:ec2:vpc", "name": "dont_fire", "account": "111111111111", "body": {"Tags": [{"Key": "environment", "Value": "prod"}]}},
 {"type": "aws:ec2:vpc", "name": "b", "account": "222222222222", "body": {"Tags": [{"Key": "environment", "Value": "dev"}]}}]
]] },
  },
}
