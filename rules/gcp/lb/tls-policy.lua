local values = lib "values"

-- Ciphers without forward secrecy, or with block modes that were broken: the profile MODERN still has those with SHA-256.
local weak = { "TLS_RSA_WITH_AES_128_GCM_SHA256", "TLS_RSA_WITH_AES_256_GCM_SHA384", "TLS_RSA_WITH_AES_128_CBC_SHA",
  "TLS_RSA_WITH_AES_256_CBC_SHA", "TLS_RSA_WITH_3DES_EDE_CBC_SHA" }

return rule {
  id = "GCP-LB-002", title = "Policy allows outdated TLS or weak ciphers",
  severity = "high", category = "encryption",
  aliases = { CKV_GCP_4 = { "version", "ciphers" }, ["AVD-GCP-0039"] = "version" },
  frameworks = { "CIS-GCP-3.0:3.9", "NIST-800-53r5:SC-8", "PCI-DSS-4.0:4.2.1", "SOC2:CC6.7", "ISO27001-2022:A.8.24" },
  for_each = { "gcp.lb.ssl_policy", "gcp.lb.tls_proxy" },
  description = [[TLS 1.0 and 1.1, and ciphers without forward secrecy, do not keep what is sent secret.]],
  remediation = [[Make a `google_compute_ssl_policy` with the profile RESTRICTED (or MODERN) and `min_tls_version = "TLS_1_2"`, and name it
in every HTTPS and SSL proxy.]],
  references = { "https://cloud.google.com/load-balancing/docs/ssl-policies-concepts" },
  -- The profile RESTRICTED has no cipher of TLS 1.0 and 1.1, so that Checkov accepts it without a version; Trivy looks at the version
  -- alone. A custom profile with TLS 1.0 passes Checkov, here not.
  check = function(e)
    if e.kind == "gcp.lb.tls_proxy" then
      if not values.set(e, e, "policy") then
        return fail("proxy " .. e.name .. " has no TLS policy: it accepts TLS 1.0", { case = "proxy", at = "policy" })
      end
      return
    end
    return each({ "version", "ciphers" }, function(case)
      if case == "version" then
        if one_of(e.version, "TLS_1_2", "TLS_1_3") or one_of(e.profile, "RESTRICTED", "FIPS_202205") then return end
        return fail("policy " .. e.name .. " accepts " .. string.gsub(e.version, "^TLS_(%d)_(%d)$", "TLS %1.%2"), { case = case, at = "version" })
      end
      if e.profile == "COMPATIBLE" then
        return fail("policy " .. e.name .. " accepts the weak ciphers of the profile COMPATIBLE", { case = case, at = "profile" })
      end
      if e.profile ~= "CUSTOM" then return end
      for _, cipher in ipairs(weak) do
        if has(list(e.features), cipher) then
          return fail("policy " .. e.name .. " accepts the weak cipher " .. cipher, { case = case, at = "features" })
        end
      end
    end)
  end,
  fix = set("version", "TLS_1_2", "version"),
  tests = {
    fail = { live [[
[{"type": "gcp:compute:sslpolicy", "id": "fire", "name": "fire",
  "body": {"name": "fire", "profile": "MODERN", "minTlsVersion": "TLS_1_0"}}]
]], [[
resource "google_compute_ssl_policy" "fire" { name = "fire" }]], [[
resource "google_compute_ssl_policy" "fire" {
  name            = "fire"
  profile         = "CUSTOM"
  min_tls_version = "TLS_1_2"
  custom_features = ["TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "TLS_RSA_WITH_AES_256_CBC_SHA"]
}]], [[
resource "google_compute_target_https_proxy" "fire" {
  name    = "fire"
  url_map = "m"
}]] },
    pass = { live [[
[{"type": "gcp:compute:sslpolicy", "id": "dont_fire", "name": "dont_fire",
  "body": {"name": "dont_fire", "profile": "MODERN", "minTlsVersion": "TLS_1_2"}}]
]], [[
resource "google_compute_ssl_policy" "dont_fire" {
  name            = "dont_fire"
  profile         = "MODERN"
  min_tls_version = "TLS_1_2"
}
resource "google_compute_target_https_proxy" "dont_fire" {
  name       = "dont_fire"
  url_map    = "m"
  ssl_policy = google_compute_ssl_policy.dont_fire.id
}]] },
    unknown = { [[
variable "tls" {}
resource "google_compute_ssl_policy" "a" {
  name            = "a"
  profile         = "MODERN"
  min_tls_version = var.tls
}]] },
  },
}
