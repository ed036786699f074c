return rule {
  id = "GCP-SQL-002", title = "Instance has a public address",
  severity = "high", category = "network",
  aliases = { "CKV_GCP_60" },
  frameworks = { "CIS-GCP-3.0:6.6", "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6", "ISO27001-2022:A.8.20" },
  for_each = "gcp.sql.instance",
  description = [[A database with a public address is one authorized network away from the internet.]],
  remediation = [[Set `ipv4_enabled = false` and `private_network`, or use Private Service Connect.]],
  references = { "https://cloud.google.com/sql/docs/mysql/private-ip" },
  -- The service gives an instance a public address unless it is told otherwise.
  check = function(e)
    if e.network.public then return fail("instance " .. e.name .. " has a public address", { at = "network.public" }) end
  end,
  fix = set("network.public", false),
  tests = {
    fail = { live [[
[{"type": "gcp:sqladmin:instance", "id": "fire", "name": "fire",
  "body": {"name": "fire", "settings": {"ipConfiguration": {"ipv4Enabled": true}}}}]
]], [[resource "google_sql_database_instance" "fire" {}]], [[
resource "google_sql_database_instance" "fire" {
  settings {
    ip_configuration { ipv4_enabled = true }
  }
}]] },
    pass = { live [[
[{"type": "gcp:sqladmin:instance", "id": "dont_fire", "name": "dont_fire",
  "body": {"name": "dont_fire", "settings": {"ipConfiguration": {"ipv4Enabled": false}}}}]
]], [[
resource "google_sql_database_instance" "dont_fire" {
  settings {
    ip_configuration { ipv4_enabled = false }
  }
}]] },
    unknown = { [[
variable "p" { type = bool }
resource "google_sql_database_instance" "a" {
  settings {
    ip_configuration { ipv4_enabled = var.p }
  }
}]] },
  },
}
