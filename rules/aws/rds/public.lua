return rule {
  id = "AWS-RDS-004", title = "Database is publicly accessible",
  severity = "critical", category = "network",
  aliases = { "CKV_AWS_17", "AVD-AWS-0180" },
  frameworks = { "CIS-AWS-3.0:2.3.3", "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6",
    "ISO27001-2022:A.8.20" },
  for_each = { "aws.rds.instance", "aws.rds.cluster_instance" },
  description = [[A publicly accessible database has an address on the internet; only its security group stands before it.]],
  remediation = [[Set `publicly_accessible = false`.]],
  references = { "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_VPC.WorkingWithRDSInstanceinaVPC.html" },
  check = function(e)
    if e.public then return fail("database " .. e.name .. " is publicly accessible", { at = "public" }) end
  end,
  fix = set("public", false),
  tests = {
    fail = { live [[
[{"type": "aws:rds:db", "name": "fire", "body": {"PubliclyAccessible": true}}]
]], [[resource "aws_db_instance" "fire" { publicly_accessible = true }]] },
    pass = { live [[
[{"type": "aws:rds:db", "name": "dont_fire", "body": {"PubliclyAccessible": false}}]
]], [[resource "aws_db_instance" "dont_fire" {}]] },
    unknown = { [[
variable "p" { type = bool }
resource "aws_db_instance" "a" { publicly_accessible = var.p }]] },
  },
}
