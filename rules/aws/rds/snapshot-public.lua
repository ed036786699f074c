return rule {
  id = "AWS-RDS-005", title = "Snapshot is shared with everyone",
  severity = "critical", category = "least-privilege",
  aliases = { "CKV_AWS_302" },
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = "aws.rds.snapshot",
  description = [[Who may restore a snapshot has the whole database.]],
  remediation = [[Name the accounts instead of `all`.]],
  references = { "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_ShareSnapshot.html" },
  check = function(e)
    if has(e.shared_with, "all") then return fail("snapshot " .. e.name .. " is shared with everyone", { at = "shared_with" }) end
  end,
  tests = {
    fail = { live [[
[{"type": "aws:rds:snapshot", "name": "fire", "body": {"DBSnapshotIdentifier": "s", "Restore": ["all"]}}]
]], [[
resource "aws_db_snapshot" "fire" {
  db_instance_identifier = "main"
  shared_accounts        = ["all"]
}]] },
    pass = { live [[
[{"type": "aws:rds:snapshot", "name": "dont_fire", "body": {"DBSnapshotIdentifier": "s", "Restore": []}}]
]], [[resource "aws_db_snapshot" "dont_fire" { db_instance_identifier = "main" }]] },
    unknown = { [[
variable "a" { type = list(string) }
resource "aws_db_snapshot" "a" {
  db_instance_identifier = "main"
  shared_accounts        = var.a
}]] },
  },
}
