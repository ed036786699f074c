local secrets = lib "secrets"

return rule {
  id = "AWS-SM-003", title = "Secret value is written in code",
  severity = "critical", category = "secrets",
  frameworks = { "NIST-800-53r5:IA-5", "PCI-DSS-4.0:8.6.2", "SOC2:CC6.1", "ISO27001-2022:A.5.17" },
  for_each = "aws.secretsmanager.version", -- code only: it is about where the value is written
  where = function(e) return not known(e.raw.secret_string) or e.raw.secret_string ~= nil end,
  description = [[A value in code is known to everyone who reads the repository, and stands in its history for ever.]],
  remediation = [[Generate the value (`random_password`), write it outside of Terraform, or use `secret_string_wo`.]],
  references = { "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/secretsmanager_secret_version" },
  check = function(e)
    -- What another resource computes is not written in code.
    if not known(e.raw.secret_string) and #e:targets(e.raw.secret_string) > 0 then return end
    if secrets.is_placeholder(e.raw.secret_string) then return end
    return fail("the value of secret version " .. e.name .. " is written in code", { at = e })
  end,
  tests = {
    fail = { [[
resource "aws_secretsmanager_secret_version" "fire" {
  secret_id     = "s"
  secret_string = "hunter2"
}]] },
    pass = { [[
resource "random_password" "p" { length = 32 }
resource "aws_secretsmanager_secret_version" "dont_fire" {
  secret_id     = "s"
  secret_string = random_password.p.result
}]] },
    unknown = { [[
variable "v" {}
resource "aws_secretsmanager_secret_version" "a" {
  secret_id     = "s"
  secret_string = var.v
}]] },
  },
}
