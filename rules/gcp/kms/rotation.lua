local ninety_days = 90 * 24 * 60 * 60

return rule {
  id = "GCP-KMS-001", title = "Key is not rotated within ninety days",
  severity = "medium", category = "encryption",
  aliases = { "CKV_GCP_43", "AVD-GCP-0065" },
  frameworks = { "CIS-GCP-3.0:1.10", "NIST-800-53r5:SC-12", "PCI-DSS-4.0:3.7.4", "SOC2:CC6.1", "ISO27001-2022:A.8.24" },
  for_each = "gcp.kms.key",
  -- Only symmetric keys for encryption are rotated by the service, and none of those that another key manager holds.
  where = function(e)
    return (not known(e.purpose) or e.purpose == "ENCRYPT_DECRYPT") and (not known(e.protection) or e.protection ~= "EXTERNAL")
  end,
  description = [[The longer one key is used, the more a leak of it opens.]],
  remediation = [[Set `rotation_period = "7776000s"` (ninety days) or less.]],
  references = { "https://cloud.google.com/kms/docs/key-rotation" },
  -- A key without a period is not rotated at all, which Trivy does not see.
  check = function(e)
    if e.purpose ~= "ENCRYPT_DECRYPT" or e.protection == "EXTERNAL" then return end
    local seconds = e.rotation ~= nil and tonumber((string.match(e.rotation, "^([%d.]+)s$"))) or nil
    if seconds == nil then return fail("key " .. e.name .. " is not rotated", { at = "rotation" }) end
    if seconds > ninety_days then
      return fail("key " .. e.name .. " is rotated after " .. math.tointeger(seconds // 86400) .. " days", { at = "rotation" })
    end
  end,
  fix = set("rotation", "7776000s"),
  tests = {
    fail = { [[
resource "google_kms_crypto_key" "fire" {
  name     = "fire"
  key_ring = "r"
}]], [[
resource "google_kms_crypto_key" "fire" {
  name            = "fire"
  key_ring        = "r"
  rotation_period = "7776001s"
}]], live [[
[{"type": "gcp:cloudkms:cryptokey", "id": "projects/p/locations/l/keyRings/r/cryptoKeys/fire", "name": "fire",
  "body": {"name": "projects/p/locations/l/keyRings/r/cryptoKeys/fire", "purpose": "ENCRYPT_DECRYPT"}}]
]] },
    pass = { assets [[
[{"name": "//cloudkms.googleapis.com/projects/shop/locations/eu/keyRings/r/cryptoKeys/dont-fire", "assetType": "cloudkms.googleapis.com/CryptoKey",
  "resource": {"data": {"name": "projects/shop/locations/eu/keyRings/r/cryptoKeys/dont-fire",
    "purpose": "ENCRYPT_DECRYPT",
    "rotationPeriod": "7776000s",
    "nextRotationTime": "2026-04-01T00:00:00Z"}}}]
]], [[
resource "google_kms_crypto_key" "dont_fire" {
  name            = "dont_fire"
  key_ring        = "r"
  rotation_period = "7776000s"
}]] },
    unknown = { [[
variable "period" {}
resource "google_kms_crypto_key" "a" {
  name            = "a"
  key_ring        = "r"
  rotation_period = var.period
}]] },
  },
}
