local tags = lib "tags"

-- Days that the backup classes ask for.
local classes = { gold = 30, silver = 14, bronze = 7 }

return rule {
  id = "AWS-RDS-009", title = "Backups are missing or kept too short a time",
  severity = "medium", category = "resilience",
  aliases = {
    CKV_AWS_133 = "days", ["AVD-AWS-0077"] = "days", CKV2_AWS_8 = "plan", CKV_AWS_326 = "backtrack",
  },
  frameworks = { "NIST-800-53r5:CP-9", "SOC2:A1.2", "ISO27001-2022:A.8.13" },
  for_each = { "aws.rds.instance", "aws.rds.cluster" },
  description = [[Without automated backups there is no way back from a mistake or an intruder. Clusters can also be in a plan of AWS
Backup, and Aurora MySQL can rewind within its backtrack window; both are low in severity, as backups exist.]],
  remediation = [[Set `backup_retention_period` to 7 days or more; add the cluster to an `aws_backup_selection`; set
`backtrack_window`.]],
  references = { "https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_WorkingWithAutomatedBackups.html" },
  -- Before version 5 of the provider, a cluster without an engine was Aurora MySQL. A replica's backups are its source's.
  -- An instance without a period has none from Terraform (the provider's default is 0).
  check = function(e)
    local found = {}
    local class = tags.first(e, { "backup-class", "backup" })
    local least = param("backup_days", 1)
    if class and classes[lower(class)] then least = classes[lower(class)] end
    local days = e.backup.days
    if days == nil then
      days = (e.raw.replicate_source_db ~= nil or e.raw.snapshot_identifier ~= nil) and least or 0
    end
    if days < least then
      found[1] = fail((days == 0 and "database " .. e.name .. " has no automated backups"
        or "backups of " .. e.name .. " are kept " .. math.tointeger(days) .. " days, its class asks for " .. least),
        { case = "days", at = "backup.days" })
    end
    if e.kind == "aws.rds.cluster" and e.origin ~= "live" then
      local planned = false
      for _, user in ipairs(e:edges_to("references")) do
        if user.type == "aws_backup_selection" then planned = true end
      end
      if not planned then
        found[#found + 1] = fail("cluster " .. e.name .. " is in no backup plan", { case = "plan", at = e, severity = "low" })
      end
      if one_of(e.engine or "aurora", "aurora", "aurora-mysql") and e.mode ~= "serverless" and e.backup.backtrack <= 0 then
        found[#found + 1] = fail("cluster " .. e.name .. " has no backtrack window", { case = "backtrack", at = "backup.backtrack",
          severity = "low" })
      end
    end
    return found
  end,
  tests = {
    fail = { live [[
[{"type": "aws:rds:db", "name": "fire", "body": {"BackupRetentionPeriod": 0}}]
]], [[resource "aws_db_instance" "fire" { backup_retention_period = 0 }]], [[resource "aws_db_instance" "fire" {}]] },
    pass = { live [[
[{"type": "aws:rds:db", "name": "dont_fire", "body": {"BackupRetentionPeriod": 30}}]
]], [[resource "aws_db_instance" "dont_fire" { backup_retention_period = 7 }]] },
    unknown = { [[
variable "d" { type = number }
resource "aws_db_instance" "a" { backup_retention_period = var.d }]] },
  },
}
