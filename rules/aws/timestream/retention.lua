local tags = lib "tags"
local backup = lib "backup"

return rule {
  id = "AWS-TS-002", title = "Rejected writes or retention are not configured",
  severity = "low", category = "resilience",
  frameworks = { "NIST-800-53r5:CP-9", "SOC2:A1.2", "ISO27001-2022:A.8.13" },
  for_each = "aws.timestream.table",
  description = [[Without retention of its own, a table keeps six hours in memory and 73,000 days on disk; points that come too late for the
memory store are dropped, and what a wrong delete took, only a backup brings back.]],
  remediation = [[Set `retention_properties`, `magnetic_store_rejected_data_location`, and select production tables in a backup plan.]],
  references = { "https://docs.aws.amazon.com/timestream/latest/developerguide/storage.html",
    "https://docs.aws.amazon.com/timestream/latest/developerguide/backups.html" },
  check = function(e)
    local failures = {}
    if e.retention.memory == nil or e.retention.disk == nil then
      failures[1] = fail("table " .. e.name .. " has no retention of its own", { case = "retention", at = e })
    end
    if e.late_writes and e.rejected == nil then
      failures[#failures + 1] = fail("table " .. e.name .. " drops rejected writes", { case = "rejected", at = e })
    end
    if #failures > 0 or not tags.production(e) then return failures end
    if not backup.reaches(e) then return fail("production table " .. e.name .. " is in no backup plan", { case = "backup", at = e }) end
  end,
  tests = {
    fail = { [[resource "aws_timestreamwrite_table" "fire" { table_name = "fire" }]], [[
resource "aws_timestreamwrite_table" "fire" {
  table_name = "fire"
  tags       = { environment = "prod" }
  retention_properties {
    memory_store_retention_period_in_hours  = 24
    magnetic_store_retention_period_in_days = 365
  }
}
resource "aws_backup_selection" "s" {
  plan_id   = "p"
  resources = ["arn:aws:ec2:*:*:volume/*"]
}]], live [[
[{"type": "aws:timestream:table", "name": "fire", "body": {"TableName": "t", "RetentionProperties":
  {"MemoryStoreRetentionPeriodInHours": 6, "MagneticStoreRetentionPeriodInDays": 73000},
  "MagneticStoreWriteProperties": {"EnableMagneticStoreWrites": true}}}]
]] },
    pass = { [[
resource "aws_timestreamwrite_table" "dont_fire" {
  table_name = "dont-fire"
  tags       = { environment = "prod", backup = "daily" }
  retention_properties {
    memory_store_retention_period_in_hours  = 24
    magnetic_store_retention_period_in_days = 365
  }
}
resource "aws_backup_selection" "s" {
  plan_id   = "p"
  selection_tag {
    type  = "STRINGEQUALS"
    key   = "backup"
    value = "daily"
  }
}]], live [[
[{"type": "aws:timestream:table", "name": "dont_fire", "body": {"TableName": "t", "RetentionProperties":
  {"MemoryStoreRetentionPeriodInHours": 6, "MagneticStoreRetentionPeriodInDays": 365}}}]
]] },
    unknown = { [[
variable "d" { type = number }
resource "aws_timestreamwrite_table" "a" {
  table_name = "a"
  retention_properties {
    memory_store_retention_period_in_hours  = 24
    magnetic_store_retention_period_in_days = var.d
  }
}]], [[
resource "aws_timestreamwrite_table" "a" {
  table_name = "a"
  tags       = { environment = "prod" }
  retention_properties {
    memory_store_retention_period_in_hours  = 24
    magnetic_store_retention_period_in_days = 365
  }
}]] },
  },
}
