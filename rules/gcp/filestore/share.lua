local gcp, tags, values = lib "gcp", lib "tags", lib "values"

-- Tiers whose data can be under a key of one's own: https://cloud.google.com/filestore/docs/cmek
local with_key = { "ENTERPRISE", "ZONAL", "REGIONAL", "HIGH_SCALE_SSD" }

return rule {
  id = "GCP-FS-001", title = "File share lacks a customer managed key or a backup",
  severity = "medium", category = "encryption",
  frameworks = { "NIST-800-53r5:SC-28", "PCI-DSS-4.0:3.5.1", "SOC2:CC6.1", "ISO27001-2022:A.8.24" },
  for_each = "gcp.filestore.instance",
  description = [[A share that every address may mount as root is open to each machine of the network; one without copies is lost once.]],
  remediation = [[Name a `kms_key_name`, make a `google_filestore_backup`, and limit `nfs_export_options` to ranges with ROOT_SQUASH.]],
  references = { "https://cloud.google.com/filestore/docs/cmek" },
  check = function(e)
    return each({ "key", "backup", "export" }, function(case)
      if case == "key" then
        if e.tier ~= nil and has(with_key, e.tier) and not values.set(e, e.encryption, "key") then
          return fail("file server " .. e.name .. " has no key of its own", { case = case, at = "encryption.key" })
        end
      elseif case == "backup" then
        if (tags.production(e) or tags.keeps_records(e)) and #gcp.users(e, "gcp.filestore.backup", "backs_up") == 0 then
          return fail("nothing keeps a copy of the file server " .. e.name, { case = case })
        end
      else
        return each(items(e.exports or {}), function(export)
          local ranges = list(export.ip_ranges or export.ipRanges)
          local open = #ranges == 0
          for _, range in ipairs(ranges) do open = open or cidr.any(range) end
          if open and (export.squash_mode or export.squashMode or "NO_ROOT_SQUASH") == "NO_ROOT_SQUASH"
            and (export.access_mode or export.accessMode or "READ_WRITE") == "READ_WRITE" then
            return fail("every address may write to the file server " .. e.name .. " as root", { case = case, at = export })
          end
        end)
      end
    end)
  end,
  tests = {
    fail = { assets [[
[{"name": "//file.googleapis.com/projects/shop/locations/europe-west3/instances/fire", "assetType": "file.googleapis.com/Instance",
  "resource": {"data": {"name": "projects/shop/locations/europe-west3/instances/fire",
    "tier": "REGIONAL",
    "state": "READY",
    "labels": {"environment": "prod"},
    "fileShares": [{"name": "data",
        "capacityGb": "1024",
        "nfsExportOptions": [{"ipRanges": ["0.0.0.0/0"], "accessMode": "READ_WRITE", "squashMode": "NO_ROOT_SQUASH"}]}]}}}]
]], [[
resource "google_filestore_instance" "fire" {
  name = "fire"
  tier = "ENTERPRISE"
}]], [[
resource "google_filestore_instance" "fire" {
  name   = "fire"
  tier   = "BASIC_SSD"
  labels = { environment = "prod" }
}]], [[
resource "google_filestore_instance" "fire" {
  name = "fire"
  tier = "BASIC_SSD"
  file_shares {
    name        = "share"
    capacity_gb = 2560
    nfs_export_options { ip_ranges = ["0.0.0.0/0"] }
  }
}]] },
    pass = { assets [[
[{"name": "//file.googleapis.com/projects/shop/locations/europe-west3/instances/dont-fire", "assetType": "file.googleapis.com/Instance",
  "resource": {"data": {"name": "projects/shop/locations/europe-west3/instances/dont-fire",
    "tier": "REGIONAL",
    "state": "READY",
    "labels": {"environment": "prod"},
    "kmsKeyName": "projects/shop/locations/eu/keyRings/r/cryptoKeys/k",
    "fileShares": [{"name": "data",
        "capacityGb": "1024",
        "nfsExportOptions": [{"ipRanges": ["10.0.0.0/24"], "accessMode": "READ_WRITE", "squashMode": "ROOT_SQUASH"}]}]}}},
{"name": "//file.googleapis.com/projects/shop/locations/europe-west3/backups/b", "assetType": "file.googleapis.com/Backup",
  "resource": {"data": {"name": "projects/shop/locations/europe-west3/backups/b",
    "sourceInstance": "projects/shop/locations/europe-west3/instances/dont-fire",
    "state": "READY"}}}]
]], [[
resource "google_kms_crypto_key" "k" { name = "k" }
resource "google_filestore_instance" "dont_fire" {
  name         = "dont_fire"
  tier         = "ENTERPRISE"
  labels       = { environment = "prod" }
  kms_key_name = google_kms_crypto_key.k.id
  file_shares {
    name        = "share"
    capacity_gb = 1024
    nfs_export_options {
      ip_ranges   = ["10.0.0.0/24"]
      squash_mode = "ROOT_SQUASH"
    }
  }
}
resource "google_filestore_backup" "b" {
  name              = "b"
  source_instance   = google_filestore_instance.dont_fire.id
  source_file_share = "share"
}]] },
    unknown = { [[
variable "tier" {}
resource "google_filestore_instance" "a" {
  name = "a"
  tier = var.tier
}]] },
  },
}
