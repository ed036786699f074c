return rule {
  id = "GCP-FN-002", title = "Function accepts traffic from everywhere or over HTTP",
  severity = "medium", category = "network",
  aliases = { CKV_GCP_124 = "ingress", CKV2_GCP_10 = "http" },
  frameworks = { "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6", "ISO27001-2022:A.8.20" },
  for_each = "gcp.function",
  description = [[A function that the internet reaches is one missing binding away from being used by it.]],
  remediation = [[Set `ingress_settings` to ALLOW_INTERNAL_ONLY or ALLOW_INTERNAL_AND_GCLB, and `https_trigger_security_level = "SECURE_ALWAYS"`.]],
  references = { "https://cloud.google.com/functions/docs/networking/network-settings#ingress_settings" },
  check = function(e)
    return each({ "ingress", "http" }, function(case)
      if case == "ingress" then
        if e.ingress == "ALLOW_ALL" then
          return fail("function " .. e.name .. " accepts traffic from everywhere", { case = case, at = "ingress" })
        end
      elseif e.http and e.security_level ~= "SECURE_ALWAYS" then
        return fail("function " .. e.name .. " can be called over plain HTTP", { case = case, at = "security_level" })
      end
    end)
  end,
  fix = { set("ingress", "ALLOW_INTERNAL_ONLY", "ingress"), set("security_level", "SECURE_ALWAYS", "http") },
  tests = {
    fail = { live [[
[{"type": "gcp:cloudfunctions:function", "id": "fire", "name": "fire",
  "body": {"name": "fire", "serviceConfig": {"ingressSettings": "ALLOW_ALL"}}}]
]], [[
resource "google_cloudfunctions_function" "fire" {
  name         = "fire"
  runtime      = "nodejs22"
  trigger_http = true
}]], [[
resource "google_cloudfunctions2_function" "fire" {
  name = "fire"
  service_config { ingress_settings = "ALLOW_ALL" }
}]] },
    pass = { live [[
[{"type": "gcp:cloudfunctions:function", "id": "dont_fire", "name": "dont_fire",
  "body": {"name": "dont_fire", "serviceConfig": {"ingressSettings": "ALLOW_INTERNAL_ONLY"}}}]
]], [[
resource "google_cloudfunctions_function" "dont_fire" {
  name                         = "dont_fire"
  runtime                      = "nodejs22"
  trigger_http                 = true
  https_trigger_security_level = "SECURE_ALWAYS"
  ingress_settings             = "ALLOW_INTERNAL_ONLY"
}]], [[
resource "google_cloudfunctions2_function" "dont_fire" {
  name = "dont_fire"
  service_config { ingress_settings = "ALLOW_INTERNAL_AND_GCLB" }
}]] },
    unknown = { [[
variable "ingress" {}
resource "google_cloudfunctions2_function" "a" {
  name = "a"
  service_config { ingress_settings = var.ingress }
}]] },
  },
}
