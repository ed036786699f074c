return rule {
  id = "AWS-IAM-020", title = "Root user has an access key or was used lately",
  severity = "critical", category = "least-privilege",
  aliases = { CKV_AWS_348 = "resource", ["AVD-AWS-0141"] = "live", ["AVD-AWS-0140"] = "live" },
  frameworks = { "CIS-AWS-3.0:1.4", "CIS-AWS-3.0:1.7", "NIST-800-53r5:IA-2", "PCI-DSS-4.0:8.3.1", "SOC2:CC6.1",
    "ISO27001-2022:A.8.5" },
  for_each = { "aws.iam.access_key", "aws.iam.account_summary" },
  description = [[A key of the root user can do everything, and no policy limits it.]],
  remediation = [[Delete the key; use roles.]],
  references = { "https://docs.aws.amazon.com/IAM/latest/UserGuide/root-user-best-practices.html" },
  check = function(e)
    if e.kind == "aws.iam.account_summary" then
      if e.root_keys ~= nil and e.root_keys > 0 then
        local account = e.account ~= "" and e.account or e.name
        return fail("the root user of account " .. account .. " has an access key", { case = "live", at = "root_keys" })
      end
      return
    end
    local user = e.user
    if user ~= nil and match(lower(user), "root") then
      return fail("access key " .. e.name .. " belongs to the root user", { case = "resource", at = "user" })
    end
  end,
  tests = {
    fail = { live [[
[{"type": "aws:iam:account-summary", "name": "fire", "body": {"AccountAccessKeysPresent": 1}}]
]], [[resource "aws_iam_access_key" "fire" { user = "root" }]] },
    pass = { live [[
[{"type": "aws:iam:account-summary", "name": "dont_fire", "body": {"AccountAccessKeysPresent": 0}}]
]], [[resource "aws_iam_access_key" "dont_fire" { user = "svc-mail" }]] },
    unknown = { [[
variable "user" {}
resource "aws_iam_access_key" "a" { user = var.user }]] },
  },
}
