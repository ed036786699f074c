-- luacheck: no max line length
local production = { prod = true, production = true, prd = true, live = true }

-- Whether it is known to belong to another environment than production.
local function elsewhere(e)
  local name = known(e.environment) and e.environment or ""
  if name == nil or name == "" then
    local tags = e.tags or {}
    name = tags.environment or tags.Environment or tags.env or tags.Env or ""
  end
  return name ~= "" and not production[lower(name)]
end

return rule {
  id = "GRAPH-029", title = "Privileged access is permanent", severity = "medium", category = "least-privilege",
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = { "aws.iam.user", "aws.iam.group" },
  where = function(e) return not elsewhere(e) end,
  description = [[A user or group that is administrator all the time, without a condition of time, approval or second factor, is one stolen
key away from everything. Rights that are asked for when they are needed, and end by themselves, are not.]],
  remediation = [[Take the rights away and give them through a role that is assumed for a while: with a second factor, a time limit or an
approval in its trust policy, or by IAM Identity Center.]],
  references = { "https://docs.aws.amazon.com/wellarchitected/latest/security-pillar/sec_permissions_emergency_process.html" },
  check = function(e)
    if iam.is_admin(e) then
      return fail(e.name .. " is administrator without a time limit, an approval or another condition; give the rights by a role that is assumed for a while")
    end
    local _, doubt = iam.escalations(e)
    if doubt then unknown(doubt) end
  end,
  tests = {
    fail = {
      [[
resource "aws_iam_user" "fire" { name = "fire" }
resource "aws_iam_user_policy_attachment" "fire" {
  user       = aws_iam_user.fire.name
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}]],
      [[
resource "aws_iam_group" "fire" { name = "fire" }
resource "aws_iam_group_policy_attachment" "fire" {
  group      = aws_iam_group.fire.name
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}]],
    },
    pass = {
      [[
resource "aws_iam_user" "dont_fire" { name = "break-glass" }
resource "aws_iam_user_policy" "p" {
  user = aws_iam_user.dont_fire.name
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "*", Resource = "*",
    Condition = { Bool = { "aws:MultiFactorAuthPresent" = "true" } } }] })
}]],
      [[
resource "aws_iam_user" "dont_fire" { name = "reader" }
resource "aws_iam_user_policy_attachment" "p" {
  user       = aws_iam_user.dont_fire.name
  policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
}]],
    },
    unknown = {
      [[
variable "policy" {}
resource "aws_iam_user" "u" { name = "u" }
resource "aws_iam_user_policy" "p" {
  user   = aws_iam_user.u.name
  policy = var.policy
}]],
    },
  },
}
