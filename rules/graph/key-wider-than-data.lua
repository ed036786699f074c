-- luacheck: no max line length
-- Principals that are no administrators and may decrypt with every key, as far as their own policies say.
local function decrypting()
  return once("decrypting", function()
    local found = {}
    for _, kind in ipairs({ "aws.iam.role", "aws.iam.user" }) do
      for _, principal in ipairs(graph.all(kind)) do
        if not iam.is_admin(principal) and iam.everywhere(principal, "kms:Decrypt") then found[#found + 1] = principal end
      end
    end
    return found
  end)
end

-- Principals that may decrypt with the key because they may with every key.
local function holders_of(key)
  local found, open = {}, nil
  for _, principal in ipairs(decrypting()) do
    local verdict, why = iam.decide(principal, "kms:Decrypt", key)
    if verdict == "allowed" then found[#found + 1] = principal end
    if verdict == "unknown" then open = open or why end
  end
  return found, open
end

return rule {
  id = "GRAPH-017", title = "Effective access to a key is wider than to the data", severity = "high",
  category = "least-privilege",
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = "aws.kms.key",
  description = [[A key policy that names the account leaves it to identity policies who may use the key, and one that allows
`kms:Decrypt` on every resource then opens this key too: its holder decrypts whatever copy of the data comes into his hands.]],
  remediation = [[Name the key in the policy of the role, or name the roles in the key policy instead of the account.]],
  references = { "https://docs.aws.amazon.com/kms/latest/developerguide/iam-policies-best-practices.html" },
  check = function(key)
    local holders, open = holders_of(key)
    if #holders > 0 then
      local names, evidence = {}, {}
      for i, principal in ipairs(holders) do
        names[i] = principal.name
        evidence[i] = { principal, principal.name .. " may decrypt with every key" }
      end
      return fail("key " .. key.name .. " may be used by " .. table.concat(names, ", ")
        .. ", which may decrypt with every key of the account; name the key there", { evidence = evidence })
    end
    if open then unknown(open) end
  end,
  tests = {
    fail = {
      [[
resource "aws_kms_key" "fire" {}
resource "aws_iam_role" "app" {
  name = "app"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }] })
}
resource "aws_iam_role_policy" "app" {
  role   = aws_iam_role.app.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "kms:Decrypt", Resource = "*" }] })
}]],
    },
    pass = {
      [[
resource "aws_kms_key" "dont_fire" {}
resource "aws_iam_role" "app" {
  name = "app"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }] })
}
resource "aws_iam_role_policy" "app" {
  role   = aws_iam_role.app.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "kms:Decrypt", Resource = aws_kms_key.dont_fire.arn }] })
}]],
      [[
resource "aws_kms_key" "dont_fire" {
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "kms:*", Resource = "*", Principal = { AWS = aws_iam_role.owner.arn } }] })
}
resource "aws_iam_role" "owner" {
  name = "owner"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "ecs-tasks.amazonaws.com" } }] })
}
resource "aws_iam_user" "all_keys" { name = "all-keys" }
resource "aws_iam_user_policy" "all_keys" {
  user   = aws_iam_user.all_keys.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "kms:Decrypt", Resource = "*" }] })
}]],
    },
    unknown = {
      [[
variable "policy" {}
resource "aws_kms_key" "k" { policy = var.policy }
resource "aws_iam_user" "all_keys" { name = "all-keys" }
resource "aws_iam_user_policy" "all_keys" {
  user   = aws_iam_user.all_keys.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "kms:Decrypt", Resource = "*" }] })
}]],
    },
  },
}
