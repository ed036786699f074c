local values = lib "values"

return rule {
  id = "AWS-IAM-023", title = "Long-lived access key is created in code",
  severity = "high", category = "secrets",
  frameworks = { "CIS-AWS-3.0:1.11", "NIST-800-53r5:IA-5", "PCI-DSS-4.0:8.6.2", "SOC2:CC6.1", "ISO27001-2022:A.5.17" },
  for_each = "aws.iam.access_key",
  where = function(e) return e.origin ~= "live" end,
  description = [[The secret of a key that Terraform makes stands in its state, in the clear unless `pgp_key` is set, and is never
rotated.]],
  remediation = [[Give the program a role; where a key is needed, set `pgp_key`.]],
  references = { "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/iam_access_key" },
  check = function(e)
    if values.set(e, e.raw, "pgp_key") then return end
    return fail("access key " .. e.name .. " puts its secret into the state")
  end,
  tests = {
    fail = { [[resource "aws_iam_access_key" "fire" { user = "svc-mail" }]] },
    pass = { [[
resource "aws_iam_access_key" "dont_fire" {
  user    = "svc-mail"
  pgp_key = "keybase:ops"
}]] },
    unknown = { [[
variable "key" {}
resource "aws_iam_access_key" "a" {
  user    = "svc-mail"
  pgp_key = var.key
}]] },
  },
}
