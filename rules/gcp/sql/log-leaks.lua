local cloudsql = lib "cloudsql"

local wanted = {
  { "log_min_duration_statement", "duration", { "-1" } },
  { "log_executor_stats", "executor", { "off" } },
  { "log_parser_stats", "parser", { "off" } },
  { "log_planner_stats", "planner", { "off" } },
  { "log_statement_stats", "statement", { "off" } },
}

return rule {
  id = "GCP-SQL-011", title = "PostgreSQL writes data values or planner internals to the log",
  severity = "low", category = "network",
  aliases = {
    CKV_GCP_57 = "duration", CKV2_GCP_14 = "executor", CKV2_GCP_15 = "parser", CKV2_GCP_16 = "planner", CKV2_GCP_17 = "statement",
    ["AVD-GCP-0021"] = "duration",
  },
  frameworks = { "CIS-GCP-3.0:6.2.7", "NIST-800-53r5:AC-4", "PCI-DSS-4.0:1.3.2", "SOC2:CC6.7", "ISO27001-2022:A.8.12" },
  for_each = "gcp.sql.instance",
  where = function(e) return not known(e.version) or cloudsql.engine(e) == "POSTGRES" end,
  description = [[Statements that are logged for their duration carry their data values; statistics of the planner burden the log.]],
  remediation = [[Leave these flags out, or set them to `off` and `log_min_duration_statement` to `-1`.]],
  references = { "https://cloud.google.com/sql/docs/postgres/flags" },
  check = function(e) return cloudsql.engine(e) and cloudsql.judge(e, wanted, false) or nil end,
  tests = {
    fail = { assets [[
[{"name": "//sqladmin.googleapis.com/projects/shop/instances/fire", "assetType": "sqladmin.googleapis.com/Instance",
  "resource": {"data": {"kind": "sql#instance",
    "name": "fire",
    "project": "shop",
    "region": "europe-west3",
    "databaseVersion": "POSTGRES_18",
    "settings": {"tier": "db-custom-2-7680", "databaseFlags": [{"name": "log_min_duration_statement", "value": "200"}]}}}}]
]], [[
resource "google_sql_database_instance" "fire" {
  database_version = "POSTGRES_18"
  settings {
    tier = "db-custom-2-7680"
    database_flags {
      name  = "log_min_duration_statement"
      value = "250"
    }
    database_flags {
      name  = "log_executor_stats"
      value = "on"
    }
    database_flags {
      name  = "log_parser_stats"
      value = "on"
    }
    database_flags {
      name  = "log_planner_stats"
      value = "on"
    }
    database_flags {
      name  = "log_statement_stats"
      value = "on"
    }
  }
}]] },
    pass = { assets [[
[{"name": "//sqladmin.googleapis.com/projects/shop/instances/dont-fire", "assetType": "sqladmin.googleapis.com/Instance",
  "resource": {"data": {"kind": "sql#instance",
    "name": "dont-fire",
    "project": "shop",
    "region": "europe-west3",
    "databaseVersion": "POSTGRES_18",
    "settings": {"tier": "db-custom-2-7680", "databaseFlags": [{"name": "log_min_duration_statement", "value": "-1"}]}}}}]
]], [[
resource "google_sql_database_instance" "dont_fire" {
  database_version = "POSTGRES_18"
  settings {
    tier = "db-custom-2-7680"
    database_flags {
      name  = "log_min_duration_statement"
      value = "-1"
    }
    database_flags {
      name  = "log_executor_stats"
      value = "off"
    }
    database_flags {
      name  = "log_parser_stats"
      value = "off"
    }
    database_flags {
      name  = "log_planner_stats"
      value = "off"
    }
    database_flags {
      name  = "log_statement_stats"
      value = "off"
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
      name  = "log_min_duration_statement"
      value = "250"
    }
    database_flags {
      name  = "log_executor_stats"
      value = "on"
    }
    database_flags {
      name  = "log_parser_stats"
      value = "on"
    }
    database_flags {
      name  = "log_planner_stats"
      value = "on"
    }
    database_flags {
      name  = "log_statement_stats"
      value = "on"
    }
  }
}]] },
  },
}
