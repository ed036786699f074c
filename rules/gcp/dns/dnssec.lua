return rule {
  id = "GCP-DNS-001", title = "Public zone is not signed or uses SHA-1 keys",
  severity = "medium", category = "encryption",
  aliases = { CKV_GCP_16 = "signed", ["AVD-GCP-0013"] = "signed", CKV_GCP_17 = "sha1", ["AVD-GCP-0012"] = "sha1" },
  frameworks = { "CIS-GCP-3.0:3.3", "CIS-GCP-3.0:3.4", "CIS-GCP-3.0:3.5", "NIST-800-53r5:SC-8", "PCI-DSS-4.0:4.2.1", "SOC2:CC6.7",
    "ISO27001-2022:A.8.24" },
  for_each = "gcp.dns.zone",
  description = [[Answers of an unsigned zone can be forged on the way; signatures with SHA-1 can be forged as well.]],
  remediation = [[Set `dnssec_config { state = "on" }`, and leave `default_key_specs` out or use rsasha256 or ecdsap256sha256.]],
  references = { "https://cloud.google.com/dns/docs/dnssec" },
  check = function(e)
    return each({ "signed", "sha1" }, function(case)
      if case == "signed" then
        if e.visibility ~= "private" and not one_of(lower(e.dnssec.state), "on", "transfer") then
          return fail("public zone " .. e.name .. " is not signed", { case = case, at = "dnssec.state" })
        end
        return
      end
      return each(items(e.dnssec.keys or {}), function(spec)
        if spec.algorithm ~= nil and lower(spec.algorithm) == "rsasha1" then
          return fail("zone " .. e.name .. " signs with SHA-1", { case = case, at = spec })
        end
      end)
    end)
  end,
  fix = set("dnssec.state", "on", "signed"),
  tests = {
    fail = { [[
resource "google_dns_managed_zone" "fire" {
  name     = "fire"
  dns_name = "example.com."
}]], [[
resource "google_dns_managed_zone" "fire" {
  name     = "fire"
  dns_name = "example.com."
  dnssec_config {
    state = "on"
    default_key_specs {
      algorithm = "rsasha1"
      key_type  = "zoneSigning"
    }
  }
}]], live [[
[{"type": "gcp:dns:managedzone", "id": "fire", "name": "fire",
  "body": {"name": "fire", "dnsName": "example.com.", "visibility": "public", "dnssecConfig": {"state": "off"}}}]
]] },
    pass = { assets [[
[{"name": "//dns.googleapis.com/projects/shop/managedZones/dont-fire", "assetType": "dns.googleapis.com/ManagedZone",
  "resource": {"data": {"name": "dont-fire",
    "dnsName": "example.com.",
    "visibility": "public",
    "dnssecConfig": {"state": "ON", "defaultKeySpecs": [{"keyType": "KEY_SIGNING", "algorithm": "RSASHA256", "keyLength": 2048}]}}}}]
]], [[
resource "google_dns_managed_zone" "dont_fire" {
  name     = "dont_fire"
  dns_name = "example.com."
  dnssec_config { state = "on" }
}]], [[
resource "google_dns_managed_zone" "dont_fire" {
  name       = "dont_fire"
  dns_name   = "internal."
  visibility = "private"
}]] },
    unknown = { [[
variable "state" {}
resource "google_dns_managed_zone" "a" {
  name     = "a"
  dns_name = "example.com."
  dnssec_config { state = var.state }
}]] },
  },
}
