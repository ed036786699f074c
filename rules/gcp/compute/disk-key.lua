local values = lib "values"

-- The disks of a machine: each block that stands for one, and what holds its key.
local function disks(e)
  local found = {}
  for _, key in ipairs { "boot_disk", "attached_disk" } do
    for _, block in ipairs(list(e.raw[key])) do found[#found + 1] = block end
  end
  return found
end

local function has_key(e, block)
  if values.set(e, block, "kms_key_self_link") or values.set(e, block, "disk_encryption_key_raw") then return true end
  -- A disk that is made elsewhere is judged there.
  return values.set(e, block, "source")
end

return rule {
  id = "GCP-GCE-009", title = "Disk is not encrypted with an own key",
  severity = "medium", category = "encryption",
  aliases = {
    CKV_GCP_37 = "disk", ["AVD-GCP-0034"] = "disk", CKV_GCP_38 = "boot", ["AVD-GCP-0033"] = { "boot", "attached" },
  },
  frameworks = { "CIS-GCP-3.0:4.7", "NIST-800-53r5:SC-28", "PCI-DSS-4.0:3.5.1", "SOC2:CC6.1", "ISO27001-2022:A.8.24" },
  for_each = { "gcp.compute.disk", "gcp.compute.instance" },
  where = function(e) return e.kind == "gcp.compute.disk" or e.type == "google_compute_instance" end,
  description = [[Google encrypts every disk; with a key of one's own, access also needs a right on the key, and the key can be withdrawn.]],
  remediation = [[Name a Cloud KMS key: `disk_encryption_key.kms_key_self_link` of a disk, `boot_disk.kms_key_self_link` of a machine.]],
  references = { "https://cloud.google.com/compute/docs/disks/customer-managed-encryption" },
  check = function(e)
    if e.kind == "gcp.compute.disk" then
      local block = list(e.key.block)[1]
      if block ~= nil and (values.set(e, block, "kms_key_self_link") or values.set(e, block, "raw_key")
        or block.kmsKeyName ~= nil or block.sha256 ~= nil) then return end
      return fail("disk " .. e.name .. " has no key of its own", { case = "disk", at = "key.block" })
    end
    if #list(e.raw.boot_disk) == 0 then return end
    return each(disks(e), function(block, i)
      if not has_key(e, block) then
        local boot = i <= #list(e.raw.boot_disk)
        return fail((boot and "the boot disk" or "a disk") .. " of instance " .. e.name .. " has no key of its own",
          { case = boot and "boot" or "attached", at = block })
      end
    end)
  end,
  tests = {
    fail = { live [[
[{"type": "gcp:compute:disk", "id": "fire", "name": "fire",
  "body": {"name": "fire", "sizeGb": "10"}}]
]], [[
resource "google_compute_disk" "fire" { name = "fire" }]], [[
resource "google_compute_instance" "fire" {
  name = "fire"
  boot_disk {
    initialize_params { image = "debian-cloud/debian-12" }
  }
}]] },
    pass = { live [[
[{"type": "gcp:compute:disk", "id": "dont_fire", "name": "dont_fire",
  "body": {"name": "dont_fire", "diskEncryptionKey": {"kmsKeyName": "projects/p/locations/l/keyRings/r/cryptoKeys/k/cryptoKeyVersions/1"}}}]
]], [[
resource "google_kms_crypto_key" "k" { name = "k" }
resource "google_compute_disk" "dont_fire" {
  name = "dont_fire"
  disk_encryption_key { kms_key_self_link = google_kms_crypto_key.k.id }
}
resource "google_compute_instance" "dont_fire" {
  name = "dont_fire"
  boot_disk { kms_key_self_link = google_kms_crypto_key.k.id }
  attached_disk { source = google_compute_disk.dont_fire.id }
}]] },
    unknown = { [[
variable "key" {}
resource "google_compute_disk" "a" {
  name = "a"
  disk_encryption_key { kms_key_self_link = var.key }
}]] },
  },
}
