return rule {
  id = "GCP-LOG-001", title = "Log bucket can be altered or keeps logs too short",
  severity = "medium", category = "logging",
  aliases = { CKV2_GCP_4 = "lock" },
  frameworks = { "CIS-GCP-3.0:2.3", "NIST-800-53r5:AU-11", "PCI-DSS-4.0:10.5.1", "SOC2:CC7.2", "ISO27001-2022:A.8.15" },
  for_each = { "gcp.logging.sink", "gcp.logging.bucket" },
  -- The bucket _Required keeps its logs for 400 days, whatever is set.
  where = function(e) return e.kind ~= "gcp.logging.bucket" or not known(e.name) or not ends(e.name, "_Required") end,
  description = [[Who gets in removes the traces first; what was kept for a month is gone when the intrusion is found after half a year.]],
  remediation = [[Give the bucket a `retention_policy` with `is_locked = true`; set `retention_days` of log buckets to 365 or more.]],
  references = { "https://cloud.google.com/storage/docs/bucket-lock", "https://cloud.google.com/logging/docs/buckets#custom-retention" },
  check = function(e)
    if e.kind == "gcp.logging.bucket" then
      if e.days < 365 and not ends(e.raw.bucket_id or e.name, "_Required") then
        return fail("log bucket " .. e.name .. " keeps logs for " .. math.tointeger(e.days) .. " days", { case = "days", at = "days" })
      end
      return
    end
    local targets = e:targets(e.raw.destination)
    for _, bucket in ipairs(targets) do
      if bucket.kind == "gcp.storage.bucket" and not bucket.retention.locked then
        return fail("the bucket of sink " .. e.name .. " has no locked retention", { case = "lock", at = bucket })
      end
    end
    if #targets > 0 then return end
    if e.destination ~= nil and starts(e.destination, "storage.googleapis.com/") then
      local bucket = graph.find("gcp.storage.bucket", "", string.sub(e.destination, #"storage.googleapis.com/" + 1))
      if bucket == nil then unknown("the bucket of the sink is outside the scan") end
      if not bucket.retention.locked then
        return fail("the bucket of sink " .. e.name .. " has no locked retention", { case = "lock", at = bucket })
      end
    end
  end,
  fix = set("days", 365, "days"),
  tests = {
    fail = { live [[
[{"type": "gcp:logging:logbucket", "id": "fire", "name": "fire",
  "body": {"name": "fire", "retentionDays": 30}}]
]], [[
resource "google_storage_bucket" "b" { name = "logs" }
resource "google_logging_project_sink" "fire" {
  name        = "fire"
  destination = "storage.googleapis.com/${google_storage_bucket.b.name}"
}]], [[
resource "google_logging_project_bucket_config" "fire" {
  project        = "p"
  bucket_id      = "audit"
  retention_days = 30
}]] },
    pass = { live [[
[{"type": "gcp:logging:logbucket", "id": "dont_fire", "name": "dont_fire",
  "body": {"name": "dont_fire", "retentionDays": 400}}]
]], [[
resource "google_storage_bucket" "b" {
  name = "logs"
  retention_policy {
    retention_period = 31536000
    is_locked        = true
  }
}
resource "google_logging_project_sink" "dont_fire" {
  name        = "dont_fire"
  destination = "storage.googleapis.com/${google_storage_bucket.b.name}"
}
resource "google_logging_project_bucket_config" "dont_fire" {
  project        = "p"
  bucket_id      = "audit"
  retention_days = 400
}]] },
    unknown = { [[
resource "google_logging_project_sink" "a" {
  name        = "a"
  destination = "storage.googleapis.com/elsewhere"
}]] },
  },
}
