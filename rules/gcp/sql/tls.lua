return rule {
  id = "GCP-SQL-003", title = "Connections may be unencrypted",
  severity = "high", category = "encryption",
  aliases = { "CKV_GCP_6", "AVD-GCP-0015" },
  frameworks = { "CIS-GCP-3.0:6.4", "NIST-800-53r5:SC-8", "PCI-DSS-4.0:4.2.1", "SOC2:CC6.7", "ISO27001-2022:A.8.24" },
  for_each = "gcp.sql.instance",
  description = [[Passwords and data cross the network in clear text when the instance does not insist on TLS.]],
  remediation = [[Set `ssl_mode = "ENCRYPTED_ONLY"`, or `TRUSTED_CLIENT_CERTIFICATE_REQUIRED`.]],
  references = { "https://cloud.google.com/sql/docs/mysql/configure-ssl-instance" },
  -- ssl_mode wins over require_ssl. ENCRYPTED_ONLY counts on every engine: connections are encrypted.
  check = function(e)
    local mode = e.network.ssl_mode
    if one_of(mode, "ENCRYPTED_ONLY", "TRUSTED_CLIENT_CERTIFICATE_REQUIRED") then return end
    if mode == nil and e.network.require_ssl then return end
    return fail("instance " .. e.name .. " accepts connections without encryption", { at = "network.ssl_mode" })
  end,
  fix = set("network.ssl_mode", "ENCRYPTED_ONLY"),
  tests = {
    fail = { live [[
[{"type": "gcp:sqladmin:instance", "id": "fire", "name": "fire",
  "body": {"name": "fire", "databaseVersion": "POSTGRES_16", "settings": {"ipConfiguration": {"sslMode": "ALLOW_UNENCRYPTED_AND_ENCRYPTED"}}}}]
]], [[resource "google_sql_database_instance" "fire" {}]], [[
resource "google_sql_database_instance" "fire" {
  settings {
    ip_configuration { ssl_mode = "ALLOW_UNENCRYPTED_AND_ENCRYPTED" }
  }
}]] },
    pass = { live [[
[{"type": "gcp:sqladmin:instance", "id": "dont_fire", "name": "dont_fire",
  "body": {"name": "dont_fire", "databaseVersion": "POSTGRES_16", "settings": {"ipConfiguration": {"sslMode": "ENCRYPTED_ONLY"}}}}]
]], [[
resource "google_sql_database_instance" "dont_fire" {
  settings {
    ip_configuration { ssl_mode = "ENCRYPTED_ONLY" }
  }
}]], [[
resource "google_sql_database_instance" "dont_fire" {
  settings {
    ip_configuration { require_ssl = true }
  }
}]] },
    unknown = { [[
variable "m" {}
resource "google_sql_database_instance" "a" {
  settings {
    ip_configuration { ssl_mode = var.m }
  }
}]] },
  },
}
