local iam = lib "iam"

return rule {
  id = "AWS-IAM-005", title = "Administrator managed policy is attached",
  severity = "high", category = "least-privilege",
  aliases = { CKV_AWS_274 = "attached", CKV_AWS_275 = "attached" },
  frameworks = {
    "CIS-AWS-3.0:1.22", "CIS-AWS-3.0:1.16", "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3",
    "ISO27001-2022:A.5.15"
  },
  for_each = { "aws.iam.policy_attachment", "aws.iam.role" },
  description = [[AdministratorAccess allows everything. Identities for emergencies stand in the parameter `break_glass` (names, with
`*`).]],
  remediation = [[Attach a policy with the rights that are needed.]],
  references = { "https://docs.aws.amazon.com/IAM/latest/UserGuide/best-practices.html#grant-least-privilege" },
  check = function(e)
    for _, allowed in ipairs(param("break_glass", {})) do
      if glob(e.name, allowed) then return end
    end
    if e.kind ~= "aws.iam.role" and iam.attaches_own(e) then return end
    local arns = e.kind == "aws.iam.role" and iam.managed_arns(e) or { e.policy }
    return each(arns, function(arn)
      if match(arn, ":aws:policy/AdministratorAccess$") then
        return fail("AdministratorAccess is attached " .. (e.kind == "aws.iam.role" and "to role " or "by ") .. e.name,
          { case = "attached", at = e.kind ~= "aws.iam.role" and "policy" or e.origin ~= "live" and "managed_policy_arns" or e })
      end
    end)
  end,
  tests = {
    fail = { [[
resource "aws_iam_role_policy_attachment" "fire" {
  role       = "r"
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}]], [[
resource "aws_iam_role" "fire" {
  assume_role_policy  = "{}"
  managed_policy_arns = ["arn:aws:iam::aws:policy/AdministratorAccess"]
}]], live [[
[{"type": "aws:iam:role", "name": "fire", "body": {"RoleName": "r",
  "AttachedManagedPolicies": [{"PolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess"}]}}]
]] },
    pass = { live [[
[{"type": "aws:iam:role", "name": "dont_fire", "body": {"RoleName": "r",
  "AttachedManagedPolicies": [{"PolicyName": "ReadOnlyAccess", "PolicyArn": "arn:aws:iam::aws:policy/ReadOnlyAccess"}]}}]
]], [[
resource "aws_iam_role_policy_attachment" "dont_fire" {
  role       = "r"
  policy_arn = "arn:aws:iam::aws:policy/ReadOnlyAccess"
}]] },
    unknown = { [[
variable "arn" {}
resource "aws_iam_role_policy_attachment" "a" {
  role       = "r"
  policy_arn = var.arn
}]] },
  },
}
