local cloudsql = lib "cloudsql"

return rule {
  id = "GCP-SQL-012", title = "MySQL can read local files or lets anyone administer",
  severity = "high", category = "least-privilege",
  aliases = { CKV_GCP_50 = "local-infile", CKV2_GCP_7 = "root", ["AVD-GCP-0026"] = "local-infile" },
  frameworks = {
    "CIS-GCP-3.0:6.1.2", "CIS-GCP-3.0:6.1.1", "CIS-GCP-3.0:6.1.3", "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2",
    "SOC2:CC6.3", "ISO27001-2022:A.5.15"
  },
  for_each = "gcp.sql.instance",
  where = function(e) return not known(e.version) or cloudsql.engine(e) == "MYSQL" end,
  description = [[With local_infile a server can ask a client for the client's files. An administrator who may come from every host can be
anyone with the password.]],
  remediation = [[Set the flag `local_infile` to `off`; give administrative users a password and a `host`.]],
  references = { "https://cloud.google.com/sql/docs/mysql/flags" },
  check = function(e)
    if cloudsql.engine(e) == nil then return end
    return each({ "local-infile", "root" }, function(case)
      if case == "local-infile" then return cloudsql.judge(e, { { "local_infile", case, { "off" } } }, false) end
      return each(e:satellites("user"), function(user)
        if not starts(user.raw.name or "", "root") then return end
        if user.host == nil or one_of(user.host, "", "%") then
          return fail("the user " .. user.raw.name .. " may administer " .. e.name .. " from every host", { case = case, at = user })
        end
        if known(user.raw.password) and user.raw.password == nil and user.raw.password_wo == nil then
          return fail("the user " .. user.raw.name .. " administers " .. e.name .. " without a password", { case = case, at = user })
        end
      end)
    end)
  end,
  tests = {
    fail = { assets [[
[{"name": "//sqladmin.googleapis.com/projects/shop/instances/fire", "assetType": "sqladmin.googleapis.com/Instance",
  "resource": {"data": {"kind": "sql#instance",
    "name": "fire",
    "project": "shop",
    "region": "europe-west3",
    "databaseVersion": "MYSQL_8_4",
    "settings": {"tier": "db-custom-2-7680", "databaseFlags": [{"name": "local_infile", "value": "on"}]}}}}]
]], [[
resource "google_sql_database_instance" "fire" {
  database_version = "MYSQL_8_0"
  settings {
    database_flags {
      name  = "local_infile"
      value = "on"
    }
  }
}]], [[
resource "google_sql_database_instance" "fire" {
  name             = "db"
  database_version = "MYSQL_8_0"
}
resource "google_sql_user" "root" {
  name     = "root"
  instance = google_sql_database_instance.fire.name
  host     = "%"
}]] },
    pass = { assets [[
[{"name": "//sqladmin.googleapis.com/projects/shop/instances/dont-fire", "assetType": "sqladmin.googleapis.com/Instance",
  "resource": {"data": {"kind": "sql#instance",
    "name": "dont-fire",
    "project": "shop",
    "region": "europe-west3",
    "databaseVersion": "MYSQL_8_4",
    "settings": {"tier": "db-custom-2-7680", "databaseFlags": [{"name": "local_infile", "value": "off"}]}}}}]
]], [[
resource "google_sql_database_instance" "dont_fire" {
  name             = "db"
  database_version = "MYSQL_8_0"
}
resource "google_sql_user" "root" {
  name     = "root"
  instance = google_sql_database_instance.dont_fire.name
  host     = "10.0.0.5"
  password = "not-a-secret"
}]] },
    unknown = { [[
variable "v" {}
resource "google_sql_database_instance" "a" {
  database_version = "MYSQL_8_0"
  settings {
    database_flags {
      name  = "local_infile"
      value = var.v
    }
  }
}]] },
  },
}
