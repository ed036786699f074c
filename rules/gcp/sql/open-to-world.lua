return rule {
  id = "GCP-SQL-001", title = "Instance is open to the world",
  severity = "critical", category = "network",
  aliases = { "CKV_GCP_11", "AVD-GCP-0017" },
  frameworks = { "CIS-GCP-3.0:6.5", "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6", "ISO27001-2022:A.8.20" },
  for_each = "gcp.sql.instance",
  description = [[An authorized network of every address lets the whole internet try to log in.]],
  remediation = [[Authorize only the networks that need access, or use private addresses and the authentication proxy.]],
  references = { "https://cloud.google.com/sql/docs/mysql/authorize-networks" },
  check = function(e)
    return each(items(e.network.authorized or {}), function(network)
      if network.value ~= nil and ends(network.value, "/0") then
        return fail("instance " .. e.name .. " accepts connections from " .. network.value, { at = network })
      end
    end)
  end,
  tests = {
    fail = { live [[
[{"type": "gcp:sqladmin:instance", "id": "fire", "name": "fire",
  "body": {"name": "fire", "settings": {"ipConfiguration": {"authorizedNetworks": [{"value": "0.0.0.0/0"}]}}}}]
]], [[
resource "google_sql_database_instance" "fire" {
  settings {
    tier = "db-f1-micro"
    ip_configuration {
      authorized_networks { value = "0.0.0.0/0" }
    }
  }
}]] },
    pass = { live [[
[{"type": "gcp:sqladmin:instance", "id": "dont_fire", "name": "dont_fire",
  "body": {"name": "dont_fire", "settings": {"ipConfiguration": {"authorizedNetworks": [{"value": "198.51.100.7/32"}]}}}}]
]], [[
resource "google_sql_database_instance" "dont_fire" {
  settings {
    tier = "db-f1-micro"
    ip_configuration {
      authorized_networks { value = "192.0.2.0/24" }
    }
  }
}]], [[resource "google_sql_database_instance" "dont_fire" {}]] },
    unknown = { [[
variable "n" {}
resource "google_sql_database_instance" "a" {
  settings {
    ip_configuration {
      authorized_networks { value = var.n }
    }
  }
}]] },
  },
}
