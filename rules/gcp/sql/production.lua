local tags = lib "tags"

return rule {
  id = "GCP-SQL-005", title = "Instance is zonal or can be deleted by accident in production",
  severity = "medium", category = "resilience",
  version = 2, changes = { "of live instances only the API's own deletion protection counts" },
  frameworks = { "NIST-800-53r5:CP-10", "SOC2:A1.2", "ISO27001-2022:A.8.14" },
  for_each = "gcp.sql.instance",
  where = function(e) return tags.production(e) end,
  description = [[A zonal instance is down with its zone. One without deletion protection can go with a wrong command.]],
  remediation = [[Set `availability_type = "REGIONAL"`, and keep `deletion_protection` or `deletion_protection_enabled` on.]],
  references = { "https://cloud.google.com/sql/docs/mysql/high-availability" },
  check = function(e)
    return each({ "zonal", "deletion" }, function(case)
      if case == "zonal" and e.availability ~= "REGIONAL" and e.primary == nil then
        return fail("the production instance " .. e.name .. " runs in one zone", { case = case, at = "availability" })
      end
      -- Terraform's own protection is not seen in the instance.
      if case == "deletion" and not e.api_deletion_protection and (e.origin == "live" or not e.deletion_protection) then
        return fail("the production instance " .. e.name .. " has no deletion protection",
          { case = case, at = e.origin == "live" and "api_deletion_protection" or "deletion_protection" })
      end
    end)
  end,
  fix = { set("availability", "REGIONAL", "zonal"), set("deletion_protection", true, "deletion") },
  tests = {
    fail = { assets [[
[{"name": "//sqladmin.googleapis.com/projects/shop/instances/fire", "assetType": "sqladmin.googleapis.com/Instance",
  "resource": {"data": {"kind": "sql#instance",
    "name": "fire",
    "project": "shop",
    "region": "europe-west3",
    "databaseVersion": "POSTGRES_18",
    "settings": {"tier": "db-custom-2-7680",
      "userLabels": {"environment": "prod"},
      "availabilityType": "ZONAL",
      "deletionProtectionEnabled": false}}}}]
]], [[
resource "google_sql_database_instance" "fire" {
  settings {
    user_labels = { environment = "prod" }
  }
}]], [[
resource "google_sql_database_instance" "fire" {
  deletion_protection = false
  settings {
    availability_type = "REGIONAL"
    user_labels       = { environment = "prod" }
  }
}]] },
    pass = { assets [[
[{"name": "//sqladmin.googleapis.com/projects/shop/instances/dont-fire", "assetType": "sqladmin.googleapis.com/Instance",
  "resource": {"data": {"kind": "sql#instance",
    "name": "dont-fire",
    "project": "shop",
    "region": "europe-west3",
    "databaseVersion": "POSTGRES_18",
    "settings": {"tier": "db-custom-2-7680",
      "userLabels": {"environment": "prod"},
      "availabilityType": "REGIONAL",
      "deletionProtectionEnabled": true}}}}]
]], [[
resource "google_sql_database_instance" "dont_fire" {
  settings {
    availability_type = "REGIONAL"
    user_labels       = { environment = "prod" }
  }
}]] },
    unknown = { [[
variable "t" {}
resource "google_sql_database_instance" "a" {
  settings {
    availability_type = var.t
    user_labels       = { environment = "prod" }
  }
}]] },
  },
}
