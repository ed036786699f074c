local places = {
  { "disk_encryption_key", "raw_key" }, { "source_image_encryption_key", "raw_key" }, { "source_snapshot_encryption_key", "raw_key" },
  { "boot_disk", "disk_encryption_key_raw" }, { "attached_disk", "disk_encryption_key_raw" },
}

return rule {
  id = "GCP-GCE-010", title = "Disk key is written in code",
  severity = "critical", category = "secrets",
  aliases = { "AVD-GCP-0037" },
  frameworks = { "NIST-800-53r5:IA-5", "PCI-DSS-4.0:8.6.2", "SOC2:CC6.1", "ISO27001-2022:A.5.17" },
  for_each = { "gcp.compute.disk", "gcp.compute.instance" },
  -- Code only: the API does not give keys back.
  where = function(e) return e.origin ~= "live" end,
  description = [[Whoever reads the repository or the state can read every copy of the disk.]],
  remediation = [[Use a key of Cloud KMS (`kms_key_self_link`), and replace the key that was written here.]],
  references = { "https://cloud.google.com/compute/docs/disks/customer-supplied-encryption" },
  check = function(e)
    return each(places, function(place)
      return each(items(e.raw[place[1]]), function(block)
        local key = place[2]
        -- What another resource computes is not written in code.
        if not known(block[key]) and #e:targets(block[key]) > 0 then return end
        if block[key] == nil or block[key] == "" then return end
        return fail("the key of a disk of " .. e.name .. " is written in code", { at = block })
      end)
    end)
  end,
  tests = {
    fail = { [[
resource "google_compute_disk" "fire" {
  name = "fire"
  disk_encryption_key { raw_key = "SGVsbG8gZnJvbSBHb29nbGUgQ2xvdWQgUGxhdGZvcm0=" }
}]], [[
resource "google_compute_instance" "fire" {
  name = "fire"
  boot_disk { disk_encryption_key_raw = "SGVsbG8gZnJvbSBHb29nbGUgQ2xvdWQgUGxhdGZvcm0=" }
}]] },
    pass = { [[
resource "google_compute_disk" "dont_fire" {
  name = "dont_fire"
  disk_encryption_key { kms_key_self_link = "projects/p/locations/l/keyRings/r/cryptoKeys/k" }
}]] },
    unknown = { [[
variable "key" { sensitive = true }
resource "google_compute_disk" "a" {
  name = "a"
  disk_encryption_key { raw_key = var.key }
}]] },
  },
}
