return rule {
  id = "AWS-RDS-008", title = "Master password is written in code",
  severity = "critical", category = "secrets",
  frameworks = { "NIST-800-53r5:IA-5", "PCI-DSS-4.0:8.6.2", "SOC2:CC6.1", "ISO27001-2022:A.5.17" },
  for_each = { "aws.rds.instance", "aws.rds.cluster" },
  where = function(e) return e.origin == "terraform" end,
  description = [[A password in code is known to everyone who reads the repository, and stands in the state as well.]],
  remediation = [[Set `manage_master_user_password = true`, and change the password.]],
  references = { "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/rds-secrets-manager.html" },
  check = function(e)
    local field = e.kind == "aws.rds.cluster" and "master_password" or "password"
    if known(e.raw.manage_master_user_password) and e.raw.manage_master_user_password == true then return end
    if not known(e.raw[field]) then
      -- Generated, or taken from a secret: computed from another resource. Anything else cannot be told.
      if #e:targets(e.raw[field]) > 0 then return end
    end
    local password = e.raw[field]
    if password == nil or password == "" then return end
    if #e:targets(e.raw[field]) > 0 then return end
    return fail("the master password of " .. e.name .. " is written in code", { at = field })
  end,
  tests = {
    fail = { [[resource "aws_db_instance" "fire" { password = "hunter2hunter2" }]], [[
variable "password" { default = "hunter2hunter2" }
resource "aws_rds_cluster" "fire" { master_password = var.password }]] },
    pass = { [[resource "aws_db_instance" "dont_fire" { manage_master_user_password = true }]], [[
resource "random_password" "p" { length = 24 }
resource "aws_db_instance" "dont_fire" { password = random_password.p.result }]] },
    unknown = { [[
variable "password" {}
resource "aws_db_instance" "a" { password = var.password }]] },
  },
}
