return rule {
  id = "GCP-KMS-003", title = "Key can be destroyed with the stack",
  severity = "medium", category = "resilience",
  aliases = { "CKV_GCP_82" },
  frameworks = { "NIST-800-53r5:CP-10", "SOC2:A1.2", "ISO27001-2022:A.8.14" },
  for_each = "gcp.kms.key",
  -- Code only: plans and answers of the API do not show `lifecycle`.
  where = function(e) return e.origin == "terraform" end,
  description = [[Destroying the resource destroys the versions of the key: whatever it encrypted can never be read again.]],
  remediation = [[Add `lifecycle { prevent_destroy = true }`.]],
  references = { "https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/kms_crypto_key" },
  check = function(e)
    local lifecycle = e.extra.lifecycle
    if lifecycle == nil or lifecycle.prevent_destroy ~= true then
      return fail("Terraform may destroy the key " .. e.name)
    end
  end,
  tests = {
    fail = { [[
resource "google_kms_crypto_key" "fire" {
  name     = "fire"
  key_ring = "r"
}]] },
    pass = { [[
resource "google_kms_crypto_key" "dont_fire" {
  name     = "dont_fire"
  key_ring = "r"
  lifecycle { prevent_destroy = true }
}]] },
  },
}
