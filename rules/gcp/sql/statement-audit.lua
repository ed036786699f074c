local cloudsql = lib "cloudsql"

local wanted = {
  { "cloudsql.enable_pgaudit", "pgaudit", { "on" } },
  { "log_statement", "statement", { "ddl", "mod", "all" } },
}

return rule {
  id = "GCP-SQL-009", title = "PostgreSQL does not record statements for audit",
  severity = "medium", category = "logging",
  aliases = { CKV_GCP_110 = "pgaudit", CKV_GCP_111 = "statement" },
  frameworks = {
    "CIS-GCP-3.0:6.2.4", "CIS-GCP-3.0:6.2.8", "NIST-800-53r5:AU-2", "PCI-DSS-4.0:10.2.1", "SOC2:CC7.2", "ISO27001-2022:A.8.15",
  },
  for_each = "gcp.sql.instance",
  where = function(e) return not known(e.version) or cloudsql.engine(e) == "POSTGRES" end,
  description = [[Without the audit extension and the log of statements nobody can tell who changed what.]],
  remediation = [[Set the flag `cloudsql.enable_pgaudit` to `on` and `log_statement` to `ddl` or stricter.]],
  references = { "https://cloud.google.com/sql/docs/postgres/pg-audit" },
  check = function(e) return cloudsql.engine(e) and cloudsql.judge(e, wanted, true) or nil end,
  tests = {
    fail = { assets [[
[{"name": "//sqladmin.googleapis.com/projects/shop/instances/fire", "assetType": "sqladmin.googleapis.com/Instance",
  "resource": {"data": {"kind": "sql#instance",
    "name": "fire",
    "project": "shop",
    "region": "europe-west3",
    "databaseVersion": "POSTGRES_18",
    "settings": {"tier": "db-custom-2-7680", "databaseFlags": [{"name": "log_statement", "value": "none"}]}}}}]
]], [[
resource "google_sql_database_instance" "fire" {
  database_version = "POSTGRES_18"
  settings {
    tier = "db-custom-2-7680"
    database_flags {
      name  = "cloudsql.enable_pgaudit"
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
      "databaseFlags": [{"name": "cloudsql.enable_pgaudit", "value": "on"}, {"name": "log_statement", "value": "ddl"}]}}}}]
]], [[
resource "google_sql_database_instance" "dont_fire" {
  database_version = "POSTGRES_18"
  settings {
    tier = "db-custom-2-7680"
    database_flags {
      name  = "cloudsql.enable_pgaudit"
      value = "on"
    }
    database_flags {
      name  = "log_statement"
      value = "ddl"
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
      name  = "cloudsql.enable_pgaudit"
      value = "on"
    }
  }
}]] },
  },
}
