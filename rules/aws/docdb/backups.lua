return rule {
  id = "AWS-DOCDB-004", title = "Backups are kept too short a time",
  severity = "medium", category = "resilience",
  aliases = { "CKV_AWS_360" },
  frameworks = { "NIST-800-53r5:CP-9", "SOC2:A1.2", "ISO27001-2022:A.8.13" },
  for_each = "aws.docdb.cluster",
  description = [[A day of backups is often over before a mistake is noticed.]],
  remediation = [[Set `backup_retention_period` to 7 days or more.]],
  references = { "https://docs.aws.amazon.com/documentdb/latest/developerguide/backup_restore.html" },
  check = function(e)
    if e.backup.days < param("backup_days", 7) then
      return fail("backups of cluster " .. e.name .. " are kept too short a time", { at = "backup.days" })
    end
  end,
  fix = set("backup.days", 7),
  tests = {
    fail = { live [[
[{"type": "aws:docdb:cluster", "name": "fire", "body": {"BackupRetentionPeriod": 1}}]
]], [[resource "aws_docdb_cluster" "fire" { cluster_identifier = "fire" }]] },
    pass = { live [[
[{"type": "aws:docdb:cluster", "name": "dont_fire", "body": {"BackupRetentionPeriod": 30}}]
]], [[resource "aws_docdb_cluster" "dont_fire" { backup_retention_period = 7 }]] },
    unknown = { [[
variable "d" { type = number }
resource "aws_docdb_cluster" "a" { backup_retention_period = var.d }]] },
  },
}
