local cloudsql = lib "cloudsql"

local wanted = {
  { "log_checkpoints", "checkpoints", { "on" } },
  { "log_lock_waits", "lock-waits", { "on" } },
  { "log_duration", "duration", { "on" } },
  { "log_min_error_statement", "error-statement", { "error", "warning", "notice", "info", "debug1", "debug2", "debug3", "debug4", "debug5" } },
}

-- Their defaults are left alone; a value of one's own is judged.
local optional = {
  { "log_temp_files", "temp", { "0" } },
  { "log_min_messages", "messages", { "warning", "notice", "info", "debug1", "debug2", "debug3", "debug4", "debug5" } },
}

return rule {
  id = "GCP-SQL-010", title = "PostgreSQL does not record errors, lock waits, checkpoints and temporary files",
  severity = "low", category = "logging",
  aliases = {
    CKV_GCP_51 = "checkpoints", CKV_GCP_54 = "lock-waits", CKV_GCP_56 = "temp", CKV2_GCP_13 = "duration",
    ["AVD-GCP-0014"] = "temp", ["AVD-GCP-0020"] = "lock-waits", ["AVD-GCP-0025"] = "checkpoints", CKV_GCP_55 = "messages",
    CKV_GCP_109 = "error-statement", ["AVD-GCP-0018"] = "messages",
  },
  frameworks = {
    "CIS-GCP-3.0:6.2.1", "CIS-GCP-3.0:6.2.5", "CIS-GCP-3.0:6.2.6", "NIST-800-53r5:AU-2", "PCI-DSS-4.0:10.2.1",
    "SOC2:CC7.2", "ISO27001-2022:A.8.15"
  },
  for_each = "gcp.sql.instance",
  where = function(e) return not known(e.version) or cloudsql.engine(e) == "POSTGRES" end,
  description = [[These messages tell of failing statements, of contention and of work that spills to disk: signs of trouble and of attacks.]],
  remediation = [[Set the flags `log_checkpoints`, `log_lock_waits` and `log_duration` to `on`, `log_min_error_statement` to `error`.]],
  references = { "https://cloud.google.com/sql/docs/postgres/flags" },
  check = function(e)
    if cloudsql.engine(e) == nil then return end
    return each({ true, false }, function(absent) return cloudsql.judge(e, absent and wanted or optional, absent) end)
  end,
  tests = {
    fail = { assets [[
[{"name": "//sqladmin.googleapis.com/projects/shop/instances/fire", "assetType": "sqladmin.googleapis.com/Instance",
  "resource": {"data": {"kind": "sql#instance",
    "name": "fire",
    "project": "shop",
    "region": "europe-west3",
    "databaseVersion": "POSTGRES_18",
    "settings": {"tier": "db-custom-2-7680",
      "databaseFlags": [{"name": "log_checkpoints", "value": "on"},
        {"name": "log_lock_waits", "value": "on"},
        {"name": "log_duration", "value": "on"}]}}}}]
]], [[
resource "google_sql_database_instance" "fire" {
  database_version = "POSTGRES_18"
  settings {
    tier = "db-custom-2-7680"
    database_flags {
      name  = "log_checkpoints"
      value = "on"
    }
    database_flags {
      name  = "log_lock_waits"
      value = "on"
    }
    database_flags {
      name  = "log_duration"
      value = "on"
    }
    database_flags {
      name  = "log_min_error_statement"
      value = "error"
    }
    database_flags {
      name  = "log_temp_files"
      value = "4096"
    }
    database_flags {
      name  = "log_min_messages"
      value = "warning"
    }
  }
}]], [[resource "google_sql_database_instance" "fire" { database_version = "POSTGRES_18" }]] },
    pass = { assets [[
[{"name": "//sqladmin.googleapis.com/projects/shop/instances/dont-fire", "assetType": "sqladmin.googleapis.com/Instance",
  "resource": {"data": {"kind": "sql#instance",
    "name": "dont-fire",
    "project": "shop",
    "region": "europe-west3",
    "databaseVersion": "POSTGRES_18",
    "settings": {"tier": "db-custom-2-7680",
      "databaseFlags": [{"name": "log_checkpoints", "value": "on"},
        {"name": "log_lock_waits", "value": "on"},
        {"name": "log_duration", "value": "on"},
        {"name": "log_min_error_statement", "value": "error"}]}}}}]
]], [[
resource "google_sql_database_instance" "dont_fire" {
  database_version = "POSTGRES_18"
  settings {
    tier = "db-custom-2-7680"
    database_flags {
      name  = "log_checkpoints"
      value = "on"
    }
    database_flags {
      name  = "log_lock_waits"
      value = "on"
    }
    database_flags {
      name  = "log_duration"
      value = "on"
    }
    database_flags {
      name  = "log_min_error_statement"
      value = "error"
    }
    database_flags {
      name  = "log_temp_files"
      value = "0"
    }
    database_flags {
      name  = "log_min_messages"
      value = "warning"
    }
  }
}]] },
    unknown = { [[
variable "v" {}
resource "google_sql_database_instance" "a" {
  database_version = var.v
  settings {
    tier = "db-custom-2-7680"
    database_flags {
      name  = "log_checkpoints"
      value = "on"
    }
    database_flags {
      name  = "log_lock_waits"
      value = "on"
    }
    database_flags {
      name  = "log_duration"
      value = "on"
    }
    database_flags {
      name  = "log_min_error_statement"
      value = "error"
    }
    database_flags {
      name  = "log_temp_files"
      value = "4096"
    }
    database_flags {
      name  = "log_min_messages"
      value = "warning"
    }
  }
}]] },
  },
}
