local cloudsql = lib "cloudsql"

local wanted = {
  { "log_connections", "connections", { "on" } },
  { "log_disconnections", "disconnections", { "on" } },
  { "log_hostname", "hostname", { "on" } },
}

return rule {
  id = "GCP-SQL-008", title = "PostgreSQL does not record sessions",
  severity = "medium", category = "logging",
  aliases = {
    CKV_GCP_52 = "connections", CKV_GCP_53 = "disconnections", CKV_GCP_108 = "hostname", ["AVD-GCP-0016"] = "connections",
    ["AVD-GCP-0022"] = "disconnections",
  },
  frameworks = {
    "CIS-GCP-3.0:6.2.2", "CIS-GCP-3.0:6.2.3", "NIST-800-53r5:AU-2", "PCI-DSS-4.0:10.2.1", "SOC2:CC7.2", "ISO27001-2022:A.8.15",
  },
  for_each = "gcp.sql.instance",
  where = function(e) return not known(e.version) or cloudsql.engine(e) == "POSTGRES" end,
  description = [[Who connected, from where and for how long is the first thing that an investigation asks.]],
  remediation = [[Set the flags `log_connections`, `log_disconnections` and `log_hostname` to `on`.]],
  references = { "https://cloud.google.com/sql/docs/postgres/flags" },
  check = function(e) return cloudsql.engine(e) and cloudsql.judge(e, wanted, true) or nil end,
  tests = {
    fail = { assets [[
[{"name": "//sqladmin.googleapis.com/projects/shop/instances/fire", "assetType": "sqladmin.googleapis.com/Instance",
  "resource": {"data": {"kind": "sql#instance",
    "name": "fire",
    "project": "shop",
    "region": "europe-west3",
    "databaseVersion": "POSTGRES_18",
    "settings": {"tier": "db-custom-2-7680", "databaseFlags": [{"name": "log_connections", "value": "on"}]}}}}]
]], [[
resource "google_sql_database_instance" "fire" {
  database_version = "POSTGRES_18"
  settings {
    tier = "db-custom-2-7680"
    database_flags {
      name  = "log_connections"
      value = "on"
    }
    database_flags {
      name  = "log_disconnections"
      value = "on"
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
      "databaseFlags": [{"name": "log_connections", "value": "on"},
        {"name": "log_disconnections", "value": "on"},
        {"name": "log_hostname", "value": "on"}]}}}}]
]], [[
resource "google_sql_database_instance" "dont_fire" {
  database_version = "POSTGRES_18"
  settings {
    tier = "db-custom-2-7680"
    database_flags {
      name  = "log_connections"
      value = "on"
    }
    database_flags {
      name  = "log_disconnections"
      value = "on"
    }
    database_flags {
      name  = "log_hostname"
      value = "on"
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
      name  = "log_connections"
      value = "on"
    }
    database_flags {
      name  = "log_disconnections"
      value = "on"
    }
  }
}]] },
  },
}
