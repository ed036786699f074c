-- luacheck: no max line length
local production = { prod = true, production = true, prd = true, live = true }

-- The environment by the entity's own tags, else that of its configuration; nil when nothing tells.
local function environment(e)
  local tags = e.tags or {}
  local name = tags.environment or tags.Environment or tags.env or tags.Env or tags.stage or tags.Stage
  if name == nil and known(e.environment) then name = e.environment end
  if name == nil or name == "" then return nil end
  return lower(name)
end

-- What of the data may be done that counts as its use.
local uses = {
  ["aws.s3.bucket"] = { "s3:GetObject", "s3:PutObject" },
  ["aws.dynamodb.table"] = { "dynamodb:GetItem", "dynamodb:PutItem" },
  ["aws.kms.key"] = { "kms:Decrypt" },
  ["aws.secretsmanager.secret"] = { "secretsmanager:GetSecretValue" },
}
local kinds = { "aws.s3.bucket", "aws.dynamodb.table", "aws.kms.key", "aws.secretsmanager.secret" }

return rule {
  id = "GRAPH-013", title = "Identity of another environment can use production data", severity = "high", category = "network",
  frameworks = { "NIST-800-53r5:SC-7", "PCI-DSS-4.0:6.5.3", "SOC2:CC6.6", "ISO27001-2022:A.8.31" },
  for_each = { "aws.iam.role", "aws.iam.user" },
  where = function(e)
    local own = environment(e)
    return own ~= nil and not production[own]
  end,
  description = [[What runs in test and development is less guarded, changed by more people and often leaked first. A role there that may
use production data, keys or secrets makes both environments as safe as the weaker one. The environment is that of the tag
`environment`, `env` or `stage`, else that of the configuration.]],
  remediation = [[Name the resources of its own environment in the policy of the role, or deny it those of production.]],
  references = { "https://docs.aws.amazon.com/wellarchitected/latest/security-pillar/sec_securely_operate_multi_accounts.html" },
  check = function(principal)
    local open
    for _, kind in ipairs(kinds) do
      for _, store in ipairs(graph.all(kind)) do
        local its = environment(store)
        if its and production[its] then
          for _, action in ipairs(uses[kind]) do
            local verdict, why = iam.decide(principal, action, store)
            if verdict == "allowed" then
              return fail(principal.name .. " (" .. environment(principal) .. ") may do " .. action .. " on " .. store.name
                .. " of production; name the resources of its own environment", { evidence = { { store, "of production" } } })
            end
            if verdict == "unknown" then open = open or why end
          end
        end
      end
    end
    if open then unknown(open) end
  end,
  tests = {
    fail = {
      [[
resource "aws_s3_bucket" "data" {
  bucket = "data"
  tags   = { environment = "prod" }
}
resource "aws_iam_role" "fire" {
  name = "app"
  tags = { environment = "dev" }
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }] })
}
resource "aws_iam_role_policy" "app" {
  role   = aws_iam_role.fire.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "s3:Get*", Resource = "arn:aws:s3:::*" }] })
}]],
    },
    pass = {
      [[
resource "aws_s3_bucket" "data" {
  bucket = "data"
  tags   = { environment = "prod" }
}
resource "aws_iam_role" "dont_fire" {
  name = "app"
  tags = { environment = "dev" }
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }] })
}
resource "aws_iam_role_policy" "app" {
  role   = aws_iam_role.dont_fire.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Action = "s3:Get*", Resource = "arn:aws:s3:::*" },
    { Effect = "Deny", Action = "*", Resource = ["arn:aws:s3:::data", "arn:aws:s3:::data/*"] },
  ] })
}]],
    },
    unknown = {
      [[
resource "aws_s3_bucket" "data" {
  bucket = "data"
  tags   = { environment = "prod" }
}
resource "aws_iam_role" "r" {
  name = "app"
  tags = { environment = "dev" }
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ec2.amazonaws.com" } }] })
}
variable "policy" {}
resource "aws_iam_role_policy" "app" {
  role   = aws_iam_role.r.name
  policy = var.policy
}]],
    },
  },
}
