local values = lib "values"

-- Whether an audit configuration of the scan logs both reading and writing of storage.
local function audited()
  return once("gcp storage audited", function()
    for _, config in ipairs(graph.all("gcp.iam.audit_config")) do
      if known(config.service) and one_of(config.service, "allServices", "storage.googleapis.com") and known(config.logs) then
        local kinds = {}
        for _, log in ipairs(list(config.logs)) do
          if known(log.log_type) then kinds[log.log_type] = true end
        end
        if kinds.DATA_READ and kinds.DATA_WRITE then return true end
      end
    end
    return false
  end)
end

return rule {
  id = "GCP-GCS-006", title = "Bucket keeps no access log or logs into itself",
  severity = "low", category = "logging",
  aliases = { CKV_GCP_62 = "missing", CKV_GCP_63 = "self", ["AVD-GCP-0077"] = "missing" },
  frameworks = { "NIST-800-53r5:AU-2", "PCI-DSS-4.0:10.2.1", "SOC2:CC7.2", "ISO27001-2022:A.8.15" },
  for_each = "gcp.storage.bucket",
  description = [[Without a record of accesses nobody can tell who read an object. A bucket that logs into itself logs its own logs.]],
  remediation = [[Set `log_bucket` in a block `logging` to another bucket, or log data access with `google_project_iam_audit_config`.]],
  references = { "https://cloud.google.com/storage/docs/access-logs" },
  check = function(e)
    if not values.set(e, e.logging, "bucket") then
      if audited() then return end
      -- The bucket to which others log needs no log of its own, as Trivy has it; Checkov wants one.
      for _, other in ipairs(e:edges_to("logs_to")) do
        if other.kind == "gcp.storage.bucket" and other.address ~= e.address then return end
      end
      return fail("accesses to bucket " .. e.name .. " are not logged", { case = "missing" })
    end
    if known(e.logging.bucket) and known(e.raw.name) then
      if e.logging.bucket == e.raw.name then
        return fail("bucket " .. e.name .. " logs into itself", { case = "self", at = "logging.bucket" })
      end
      return
    end
    for _, target in ipairs(e:targets(e.logging.bucket)) do
      if target.address == e.address then
        return fail("bucket " .. e.name .. " logs into itself", { case = "self", at = "logging.bucket" })
      end
    end
  end,
  tests = {
    fail = { assets [[
[{"name": "//storage.googleapis.com/fire", "assetType": "storage.googleapis.com/Bucket",
  "resource": {"data": {"kind": "storage#bucket", "name": "fire", "location": "EU"}}}]
]], [[resource "google_storage_bucket" "fire" { name = "b" }]], [[
resource "google_storage_bucket" "fire" {
  name = "b"
  logging { log_bucket = "b" }
}]] },
    pass = { assets [[
[{"name": "//storage.googleapis.com/dont-fire", "assetType": "storage.googleapis.com/Bucket",
  "resource": {"data": {"kind": "storage#bucket",
    "name": "dont-fire",
    "location": "EU",
    "logging": {"logBucket": "logs", "logObjectPrefix": "dont-fire"}}}}]
]], [[
resource "google_storage_bucket" "dont_fire" {
  name = "b"
  logging { log_bucket = "logs" }
}]], [[
resource "google_storage_bucket" "dont_fire" { name = "b" }
resource "google_project_iam_audit_config" "all" {
  project = "p"
  service = "allServices"
  audit_log_config { log_type = "DATA_READ" }
  audit_log_config { log_type = "DATA_WRITE" }
}]] },
    unknown = { [[
variable "l" {}
resource "google_storage_bucket" "a" {
  name = "b"
  logging { log_bucket = var.l }
}]] },
  },
}
