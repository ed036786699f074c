return rule {
  id = "GCP-SQL-007", title = "Major version is outdated",
  severity = "medium", category = "hygiene",
  aliases = { "CKV_GCP_79" },
  frameworks = { "NIST-800-53r5:SI-2", "PCI-DSS-4.0:6.3.3", "SOC2:CC7.1", "ISO27001-2022:A.8.8" },
  for_each = "gcp.sql.instance",
  description = [[Old major versions get fixes last, and then none.]],
  remediation = [[Set `database_version` to a current major version, after a test of the upgrade.]],
  references = { "https://cloud.google.com/sql/docs/db-versions" },
  check = function(e)
    local version = e.version
    if version == nil or match(version, "^(?:POSTGRES_(?:1[89]|[2-9][0-9])|MYSQL_8_[04]|MYSQL_9_[0-9]+|SQLSERVER_202[2-9]_.*)$") then
      return
    end
    return fail("instance " .. e.name .. " runs the outdated " .. version, { at = "version" })
  end,
  tests = {
    fail = { assets [[
[{"name": "//sqladmin.googleapis.com/projects/shop/instances/fire", "assetType": "sqladmin.googleapis.com/Instance",
  "resource": {"data": {"kind": "sql#instance",
    "name": "fire",
    "project": "shop",
    "region": "europe-west3",
    "databaseVersion": "POSTGRES_11",
    "settings": {"tier": "db-custom-2-7680"}}}}]
]], [[resource "google_sql_database_instance" "fire" { database_version = "MYSQL_5_7" }]] },
    pass = { assets [[
[{"name": "//sqladmin.googleapis.com/projects/shop/instances/dont-fire", "assetType": "sqladmin.googleapis.com/Instance",
  "resource": {"data": {"kind": "sql#instance",
    "name": "dont-fire",
    "project": "shop",
    "region": "europe-west3",
    "databaseVersion": "POSTGRES_18",
    "settings": {"tier": "db-custom-2-7680"}}}}]
]], [[resource "google_sql_database_instance" "dont_fire" { database_version = "POSTGRES_18" }]] },
    unknown = { [[
variable "v" {}
resource "google_sql_database_instance" "a" { database_version = var.v }]] },
  },
}
