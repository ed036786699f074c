local cloudsql = lib "cloudsql"

local wanted = {
  { "cross db ownership chaining", "chaining", { "off" } },
  { "contained database authentication", "contained", { "off" } },
}

return rule {
  id = "GCP-SQL-013", title = "SQL Server keeps chained ownership or contained logins",
  severity = "medium", category = "least-privilege",
  aliases = { CKV_GCP_58 = "chaining", CKV_GCP_59 = "contained", ["AVD-GCP-0019"] = "chaining", ["AVD-GCP-0023"] = "contained" },
  frameworks = {
    "CIS-GCP-3.0:6.3.1", "CIS-GCP-3.0:6.3.2", "CIS-GCP-3.0:6.3.5", "CIS-GCP-3.0:6.3.6", "CIS-GCP-3.0:6.3.7",
    "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15"
  },
  for_each = "gcp.sql.instance",
  where = function(e) return not known(e.version) or cloudsql.engine(e) == "SQLSERVER" end,
  description = [[Chained ownership reaches over the borders of databases; contained logins bypass those of the server.]],
  remediation = [[Set the flags to `off`.]],
  references = { "https://cloud.google.com/sql/docs/sqlserver/flags" },
  check = function(e) return cloudsql.engine(e) and cloudsql.judge(e, wanted, false) or nil end,
  tests = {
    fail = { assets [[
[{"name": "//sqladmin.googleapis.com/projects/shop/instances/fire", "assetType": "sqladmin.googleapis.com/Instance",
  "resource": {"data": {"kind": "sql#instance",
    "name": "fire",
    "project": "shop",
    "region": "europe-west3",
    "databaseVersion": "SQLSERVER_2022_STANDARD",
    "settings": {"tier": "db-custom-2-7680", "databaseFlags": [{"name": "contained database authentication", "value": "on"}]}}}}]
]], [[
resource "google_sql_database_instance" "fire" {
  database_version = "SQLSERVER_2022_STANDARD"
  settings {
    tier = "db-custom-2-7680"
    database_flags {
      name  = "cross db ownership chaining"
      value = "on"
    }
    database_flags {
      name  = "contained database authentication"
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
    "databaseVersion": "SQLSERVER_2022_STANDARD",
    "settings": {"tier": "db-custom-2-7680",
      "databaseFlags": [{"name": "contained database authentication", "value": "off"}]}}}}]
]], [[
resource "google_sql_database_instance" "dont_fire" {
  database_version = "SQLSERVER_2022_STANDARD"
  settings {
    tier = "db-custom-2-7680"
    database_flags {
      name  = "cross db ownership chaining"
      value = "off"
    }
    database_flags {
      name  = "contained database authentication"
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
      name  = "cross db ownership chaining"
      value = "on"
    }
    database_flags {
      name  = "contained database authentication"
      value = "on"
    }
  }
}]] },
  },
}
