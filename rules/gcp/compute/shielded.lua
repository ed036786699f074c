local gcp = lib "gcp"

local parts = {
  { "vtpm", "has no virtual TPM" },
  { "integrity", "does not watch the integrity of its boot" },
  { "secure_boot", "boots unsigned software" },
}

return rule {
  id = "GCP-GCE-008", title = "Instance is not a shielded machine",
  severity = "medium", category = "least-privilege",
  aliases = {
    CKV_GCP_39 = { "block", "vtpm", "integrity" }, ["AVD-GCP-0041"] = { "block", "vtpm" },
    ["AVD-GCP-0045"] = { "block", "integrity" }, ["AVD-GCP-0067"] = { "block", "secure-boot" },
  },
  frameworks = { "CIS-GCP-3.0:4.8", "NIST-800-53r5:CM-7", "PCI-DSS-4.0:2.2.1", "SOC2:CC6.8", "ISO27001-2022:A.8.9" },
  for_each = "gcp.compute.instance",
  description = [[Shielded machines refuse boot loaders and kernels that were tampered with, and show when their boot changes.]],
  remediation = [[Add a block `shielded_instance_config` with `enable_secure_boot = true` (the other two are on by default).]],
  references = { "https://cloud.google.com/compute/shielded-vm/docs/shielded-vm" },
  check = function(e)
    local source = gcp.source(e, "shielded_instance_config")
    if #list(source.shielded.block) == 0 then
      return fail("instance " .. e.name .. " is not a shielded machine", { case = "block" })
    end
    return each(parts, function(part)
      local field = part[1]
      if not source.shielded[field] then
        return fail("instance " .. e.name .. " " .. part[2],
          { case = field == "secure_boot" and "secure-boot" or field, at = "shielded." .. field })
      end
    end)
  end,
  fix = { set("shielded.vtpm", true, "vtpm"), set("shielded.integrity", true, "integrity"),
    set("shielded.secure_boot", true, "secure-boot") },
  tests = {
    fail = { live [[
[{"type": "gcp:compute:instance", "id": "fire", "name": "fire",
  "body": {"name": "fire", "shieldedInstanceConfig": {"enableSecureBoot": false, "enableVtpm": true, "enableIntegrityMonitoring": true}}}]
]], [[
resource "google_compute_instance" "fire" { name = "fire" }]], [[
resource "google_compute_instance" "fire" {
  name = "fire"
  shielded_instance_config {
    enable_secure_boot = true
    enable_vtpm        = false
  }
}]], [[
resource "google_compute_instance" "fire" {
  shielded_instance_config {
    enable_secure_boot          = true
    enable_integrity_monitoring = false
  }
}]], [[
resource "google_compute_instance_template" "fire" {
  shielded_instance_config {}
}]] },
    pass = { live [[
[{"type": "gcp:compute:instance", "id": "dont_fire", "name": "dont_fire",
  "body": {"name": "dont_fire", "shieldedInstanceConfig": {"enableSecureBoot": true, "enableVtpm": true, "enableIntegrityMonitoring": true}}}]
]], [[
resource "google_compute_instance" "dont_fire" {
  name = "dont_fire"
  shielded_instance_config { enable_secure_boot = true }
}]] },
    unknown = { [[
variable "boot" { type = bool }
resource "google_compute_instance" "a" {
  name = "a"
  shielded_instance_config { enable_secure_boot = var.boot }
}]] },
  },
}
