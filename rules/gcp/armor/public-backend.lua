local armor, values = lib "armor", lib "values"

return rule {
  id = "GCP-ARMOR-002", title = "Public backend has no security policy or rate limit",
  severity = "medium", category = "network",
  frameworks = { "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6", "ISO27001-2022:A.8.20" },
  for_each = "gcp.lb.backend_service",
  where = function(e)
    return e.type ~= "google_compute_region_backend_service" or not known(e.scheme) or e.scheme ~= nil
  end,
  description = [[A backend that the internet reaches gets attacks and floods; Cloud Armor refuses what it knows, and slows who asks too often.]],
  remediation = [[Name a `security_policy`, and give it a rule with the action `throttle` or `rate_based_ban`.]],
  references = { "https://cloud.google.com/armor/docs/rate-limiting-overview" },
  check = function(e)
    if not one_of(e.scheme or "EXTERNAL", "EXTERNAL", "EXTERNAL_MANAGED") then return end
    if not one_of(e.protocol, "HTTP", "HTTPS", "HTTP2", "H2C", "GRPC") then return end
    if not values.set(e, e, "policy") then
      return fail("backend " .. e.name .. " has no security policy", { case = "policy", at = "policy" })
    end
    for _, policy in ipairs(e:targets(e.raw.security_policy or e.raw.securityPolicy)) do
      if policy.kind == "gcp.armor.policy" then
        for _, rule in ipairs(armor.rules(policy)) do
          if not rule.preview and one_of(rule.action, "throttle", "rate_based_ban") then return end
        end
        return fail("policy " .. policy.name .. " of backend " .. e.name .. " limits no rate", { case = "rate-limit", at = policy })
      end
    end
    unknown("the security policy of the backend is outside the scan")
  end,
  tests = {
    fail = { assets [[
[{"name": "//compute.googleapis.com/projects/shop/global/backendServices/fire", "assetType": "compute.googleapis.com/BackendService",
  "resource": {"data": {"name": "fire",
    "selfLink": "https://www.googleapis.com/compute/v1/projects/shop/global/backendServices/fire",
    "loadBalancingScheme": "EXTERNAL_MANAGED",
    "protocol": "HTTPS"}}},
{"name": "//compute.googleapis.com/projects/shop/global/securityPolicies/p", "assetType": "compute.googleapis.com/SecurityPolicy",
  "resource": {"data": {"name": "p",
    "selfLink": "https://www.googleapis.com/compute/v1/projects/shop/global/securityPolicies/p",
    "type": "CLOUD_ARMOR",
    "rules": [{"priority": 2147483647,
        "action": "allow",
        "preview": false,
        "match": {"versionedExpr": "SRC_IPS_V1", "config": {"srcIpRanges": ["*"]}}}]}}},
{"name": "//compute.googleapis.com/projects/shop/global/backendServices/fire-2", "assetType": "compute.googleapis.com/BackendService",
  "resource": {"data": {"name": "fire-2",
    "selfLink": "https://www.googleapis.com/compute/v1/projects/shop/global/backendServices/fire-2",
    "loadBalancingScheme": "EXTERNAL_MANAGED",
    "protocol": "HTTPS",
    "securityPolicy": "https://www.googleapis.com/compute/v1/projects/shop/global/securityPolicies/p"}}}]
]], [[
resource "google_compute_backend_service" "fire" { name = "fire" }]], [[
resource "google_compute_security_policy" "p" { name = "p" }
resource "google_compute_backend_service" "fire" {
  name            = "fire"
  security_policy = google_compute_security_policy.p.id
}]] },
    pass = { assets [[
[{"name": "//compute.googleapis.com/projects/shop/global/securityPolicies/p", "assetType": "compute.googleapis.com/SecurityPolicy",
  "resource": {"data": {"name": "p",
    "selfLink": "https://www.googleapis.com/compute/v1/projects/shop/global/securityPolicies/p",
    "type": "CLOUD_ARMOR",
    "rules": [{"priority": 1,
        "action": "throttle",
        "preview": false,
        "match": {"versionedExpr": "SRC_IPS_V1", "config": {"srcIpRanges": ["*"]}},
        "rateLimitOptions": {"conformAction": "allow", "exceedAction": "deny(429)"}},
      {"priority": 2147483647,
        "action": "allow",
        "preview": false,
        "match": {"versionedExpr": "SRC_IPS_V1", "config": {"srcIpRanges": ["*"]}}}]}}},
{"name": "//compute.googleapis.com/projects/shop/global/backendServices/dont-fire", "assetType": "compute.googleapis.com/BackendService",
  "resource": {"data": {"name": "dont-fire",
    "selfLink": "https://www.googleapis.com/compute/v1/projects/shop/global/backendServices/dont-fire",
    "loadBalancingScheme": "EXTERNAL_MANAGED",
    "protocol": "HTTPS",
    "securityPolicy": "https://www.googleapis.com/compute/v1/projects/shop/global/securityPolicies/p"}}}]
]], [[
resource "google_compute_security_policy" "p" {
  name = "p"
  rule {
    action   = "throttle"
    priority = 1
    match {
      versioned_expr = "SRC_IPS_V1"
      config { src_ip_ranges = ["*"] }
    }
    rate_limit_options {
      conform_action = "allow"
      exceed_action  = "deny(429)"
    }
  }
}
resource "google_compute_backend_service" "dont_fire" {
  name            = "dont_fire"
  security_policy = google_compute_security_policy.p.id
}]], [[
resource "google_compute_backend_service" "dont_fire" {
  name                  = "dont_fire"
  load_balancing_scheme = "INTERNAL_MANAGED"
}]] },
    unknown = { [[
resource "google_compute_backend_service" "a" {
  name            = "a"
  security_policy = "projects/p/global/securityPolicies/x"
}]] },
  },
}
