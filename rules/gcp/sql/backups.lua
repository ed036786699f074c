local cloudsql, tags = lib "cloudsql", lib "tags"

return rule {
  id = "GCP-SQL-004", title = "Automated backup or point-in-time recovery is off",
  severity = "high", category = "resilience",
  aliases = { CKV_GCP_14 = "backup", CKV2_GCP_20 = "binary-log", ["AVD-GCP-0024"] = "backup" },
  frameworks = { "CIS-GCP-3.0:6.7", "NIST-800-53r5:CP-9", "SOC2:A1.2", "ISO27001-2022:A.8.13" },
  for_each = "gcp.sql.instance",
  -- A replica's backups are its primary's.
  where = function(e) return not known(e.primary) or e.primary == nil end,
  description = [[Without automated backups, and a log to replay between them, there is no way back from a mistake or an intruder.]],
  remediation = [[Set `enabled = true` in `backup_configuration`, with `binary_log_enabled` (MySQL) or
`point_in_time_recovery_enabled`; in production keep backups outside the region of the instance.]],
  references = { "https://cloud.google.com/sql/docs/mysql/backup-recovery/backups" },
  check = function(e)
    if e.primary ~= nil then return end
    return each({ "backup", "log", "location" }, function(what)
      if what == "backup" then
        if not e.backup.enabled then
          return fail("instance " .. e.name .. " has no automated backups", { case = "backup", at = "backup.enabled" })
        end
      elseif what == "log" then
        local engine = cloudsql.engine(e)
        if engine == "MYSQL" and not e.backup.binary_log then
          return fail("instance " .. e.name .. " keeps no binary log for recovery to a point in time",
            { case = "binary-log", at = "backup.binary_log" })
        end
        if one_of(engine, "POSTGRES", "SQLSERVER") and e.backup.enabled and not e.backup.point_in_time then
          return fail("instance " .. e.name .. " cannot be recovered to a point in time",
            { case = "point-in-time", at = "backup.point_in_time" })
        end
      elseif tags.production(e) and e.backup.enabled and e.backup.location ~= nil and e.backup.location == e.region then
        return fail("backups of the production instance " .. e.name .. " lie in its own region",
          { case = "location", at = "backup.location" })
      end
    end)
  end,
  fix = { set("backup.enabled", true, "backup"), set("backup.binary_log", true, "binary-log"),
    set("backup.point_in_time", true, "point-in-time") },
  tests = {
    fail = { assets [[
[{"name": "//sqladmin.googleapis.com/projects/shop/instances/fire", "assetType": "sqladmin.googleapis.com/Instance",
  "resource": {"data": {"kind": "sql#instance",
    "name": "fire",
    "project": "shop",
    "region": "europe-west3",
    "databaseVersion": "MYSQL_8_0",
    "settings": {"tier": "db-custom-2-7680", "backupConfiguration": {"enabled": false, "binaryLogEnabled": false}}}}}]
]], [[resource "google_sql_database_instance" "fire" { database_version = "MYSQL_8_0" }]], [[
resource "google_sql_database_instance" "fire" {
  database_version = "POSTGRES_18"
  settings {
    backup_configuration { enabled = true }
  }
}]] },
    pass = { assets [[
[{"name": "//sqladmin.googleapis.com/projects/shop/instances/dont-fire", "assetType": "sqladmin.googleapis.com/Instance",
  "resource": {"data": {"kind": "sql#instance",
    "name": "dont-fire",
    "project": "shop",
    "region": "europe-west3",
    "databaseVersion": "POSTGRES_18",
    "settings": {"tier": "db-custom-2-7680",
      "backupConfiguration": {"enabled": true, "pointInTimeRecoveryEnabled": true, "location": "eu"}}}}}]
]], [[
resource "google_sql_database_instance" "dont_fire" {
  database_version = "MYSQL_8_0"
  settings {
    backup_configuration {
      enabled            = true
      binary_log_enabled = true
    }
  }
}]] },
    unknown = { [[
variable "b" { type = bool }
resource "google_sql_database_instance" "a" {
  database_version = "POSTGRES_18"
  settings {
    backup_configuration { enabled = var.b }
  }
}]] },
  },
}
