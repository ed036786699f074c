local armor = lib "armor"

return rule {
  id = "GCP-ARMOR-001", title = "Security policy does not stop Log4Shell and common attacks",
  severity = "medium", category = "network",
  aliases = { "CKV_GCP_73" },
  frameworks = { "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6", "ISO27001-2022:A.8.20" },
  for_each = "gcp.armor.policy",
  -- Policies at the edge and of networks cannot look into requests.
  where = function(e) return not known(e.policy_type) or e.policy_type == "CLOUD_ARMOR" end,
  description = [[The expression set cve-canary refuses requests that try to make a logger load foreign code (CVE-2021-44228), and others like it.]],
  remediation = [[Add a rule with `evaluatePreconfiguredWaf('cve-canary')` and an action that denies, not in preview.]],
  references = { "https://cloud.google.com/armor/docs/waf-rules" },
  -- Checkov compares the whole expression; here it may also have parameters or stand beside others.
  check = function(e)
    if e.policy_type ~= "CLOUD_ARMOR" then return end
    for _, rule in ipairs(armor.rules(e)) do
      local expression = rule.match and rule.match.expr and rule.match.expr.expression
      if expression ~= nil and match(expression, "evaluatePreconfigured(?:Expr|Waf)\\(\\s*['\"]cve-canary") then
        if not rule.preview and rule.action ~= "allow" then return end
        return fail("policy " .. e.name .. " only watches for the attacks of the set cve-canary", { at = rule })
      end
    end
    return fail("policy " .. e.name .. " has no rule for the attacks of the set cve-canary")
  end,
  tests = {
    fail = { assets [[
[{"name": "//compute.googleapis.com/projects/shop/global/securityPolicies/fire", "assetType": "compute.googleapis.com/SecurityPolicy",
  "resource": {"data": {"name": "fire",
    "selfLink": "https://www.googleapis.com/compute/v1/projects/shop/global/securityPolicies/fire",
    "type": "CLOUD_ARMOR",
    "rules": [{"priority": 2147483647,
        "action": "allow",
        "preview": false,
        "match": {"versionedExpr": "SRC_IPS_V1", "config": {"srcIpRanges": ["*"]}}}]}}}]
]], [[
resource "google_compute_security_policy" "fire" {
  name = "fire"
  rule {
    action   = "allow"
    priority = 2147483647
    match {
      versioned_expr = "SRC_IPS_V1"
      config { src_ip_ranges = ["*"] }
    }
  }
}]], [[
resource "google_compute_security_policy" "fire" {
  name = "fire"
  rule {
    action   = "deny(403)"
    priority = 1
    preview  = true
    match {
      expr { expression = "evaluatePreconfiguredExpr('cve-canary')" }
    }
  }
}]] },
    pass = { assets [[
[{"name": "//compute.googleapis.com/projects/shop/global/securityPolicies/dont-fire", "assetType": "compute.googleapis.com/SecurityPolicy",
  "resource": {"data": {"name": "dont-fire",
    "selfLink": "https://www.googleapis.com/compute/v1/projects/shop/global/securityPolicies/dont-fire",
    "type": "CLOUD_ARMOR",
    "rules": [{"priority": 1,
        "action": "deny(403)",
        "preview": false,
        "match": {"expr": {"expression": "evaluatePreconfiguredWaf('cve-canary')"}}},
      {"priority": 2147483647,
        "action": "allow",
        "preview": false,
        "match": {"versionedExpr": "SRC_IPS_V1", "config": {"srcIpRanges": ["*"]}}}]}}}]
]], [[
resource "google_compute_security_policy" "dont_fire" {
  name = "dont_fire"
  rule {
    action   = "deny(403)"
    priority = 1
    match {
      expr { expression = "evaluatePreconfiguredWaf('cve-canary', {'sensitivity': 3})" }
    }
  }
}]], [[
resource "google_compute_security_policy" "dont_fire" { name = "dont_fire" }
resource "google_compute_security_policy_rule" "r" {
  security_policy = google_compute_security_policy.dont_fire.name
  action          = "deny(403)"
  priority        = 1
  match {
    expr { expression = "evaluatePreconfiguredExpr('cve-canary')" }
  }
}]] },
    unknown = { [[
variable "expression" {}
resource "google_compute_security_policy" "a" {
  name = "a"
  rule {
    action   = "deny(403)"
    priority = 1
    match {
      expr { expression = var.expression }
    }
  }
}]] },
  },
}
