local external = { "EXTERNAL", "EXTERNAL_MANAGED" }

-- The HTTP proxy that a rule leads to, or whether an address names one outside the scan.
local function proxy_of(e)
  local target = e:targets(e.raw.target)[1]
  if target ~= nil then return target.kind == "gcp.lb.http_proxy" and target or nil end
  if e.target ~= nil and match(e.target, "/targetHttpProxies/") then return false end
end

return rule {
  id = "GCP-LB-001", title = "External forwarding rule ends in a plain HTTP proxy",
  severity = "high", category = "encryption",
  version = 2, changes = { "live forwarding rules of a region are told as regional" },
  aliases = { CKV2_GCP_37 = "regional", CKV2_GCP_38 = "global" },
  frameworks = { "NIST-800-53r5:SC-8", "PCI-DSS-4.0:4.2.1", "SOC2:CC6.7", "ISO27001-2022:A.8.24" },
  for_each = "gcp.lb.forwarding_rule",
  description = [[What clients send over plain HTTP can be read and changed on the way.]],
  remediation = [[Serve HTTPS, and give the HTTP proxy a URL map whose `default_url_redirect` has `https_redirect = true`.]],
  references = { "https://cloud.google.com/load-balancing/docs/https/setting-up-http-https-redirect" },
  -- Checkov flags redirects too, and misses the global proxy of google_compute_target_http_proxy.
  check = function(e)
    if not one_of(e.scheme, external[1], external[2]) then return end
    local proxy = proxy_of(e)
    if proxy == nil then return end
    local case = (e.type == "google_compute_forwarding_rule" or (e.origin == "live" and e.raw.region ~= nil)) and "regional" or "global"
    if proxy == false then unknown("the proxy of the rule is outside the scan") end
    for _, map in ipairs(proxy:targets(proxy.raw.url_map or proxy.raw.urlMap)) do
      if map.kind == "gcp.lb.url_map" and map.redirects then return end
    end
    return fail("rule " .. e.name .. " leads to a proxy for plain HTTP", { case = case, at = "target" })
  end,
  tests = {
    fail = { assets [[
[{"name": "//compute.googleapis.com/projects/shop/global/forwardingRules/fire", "assetType": "compute.googleapis.com/ForwardingRule",
  "resource": {"data": {"name": "fire",
    "selfLink": "https://www.googleapis.com/compute/v1/projects/shop/global/forwardingRules/fire",
    "loadBalancingScheme": "EXTERNAL_MANAGED",
    "portRange": "80-80",
    "target": "https://www.googleapis.com/compute/v1/projects/shop/global/targetHttpProxies/p"}}},
{"name": "//compute.googleapis.com/projects/shop/global/targetHttpProxies/p", "assetType": "compute.googleapis.com/TargetHttpProxy",
  "resource": {"data": {"name": "p",
    "selfLink": "https://www.googleapis.com/compute/v1/projects/shop/global/targetHttpProxies/p",
    "urlMap": "https://www.googleapis.com/compute/v1/projects/shop/global/urlMaps/m"}}},
{"name": "//compute.googleapis.com/projects/shop/global/urlMaps/m", "assetType": "compute.googleapis.com/UrlMap",
  "resource": {"data": {"name": "m",
    "selfLink": "https://www.googleapis.com/compute/v1/projects/shop/global/urlMaps/m",
    "defaultService": "https://www.googleapis.com/compute/v1/projects/shop/global/backendServices/b"}}}]
]], [[
resource "google_compute_url_map" "m" {
  name            = "m"
  default_service = "s"
}
resource "google_compute_target_http_proxy" "p" {
  name    = "p"
  url_map = google_compute_url_map.m.id
}
resource "google_compute_global_forwarding_rule" "fire" {
  name   = "fire"
  target = google_compute_target_http_proxy.p.id
}]] },
    pass = { assets [[
[{"name": "//compute.googleapis.com/projects/shop/global/forwardingRules/dont-fire", "assetType": "compute.googleapis.com/ForwardingRule",
  "resource": {"data": {"name": "dont-fire",
    "selfLink": "https://www.googleapis.com/compute/v1/projects/shop/global/forwardingRules/dont-fire",
    "loadBalancingScheme": "EXTERNAL_MANAGED",
    "portRange": "80-80",
    "target": "https://www.googleapis.com/compute/v1/projects/shop/global/targetHttpProxies/p"}}},
{"name": "//compute.googleapis.com/projects/shop/global/targetHttpProxies/p", "assetType": "compute.googleapis.com/TargetHttpProxy",
  "resource": {"data": {"name": "p",
    "selfLink": "https://www.googleapis.com/compute/v1/projects/shop/global/targetHttpProxies/p",
    "urlMap": "https://www.googleapis.com/compute/v1/projects/shop/global/urlMaps/m"}}},
{"name": "//compute.googleapis.com/projects/shop/global/urlMaps/m", "assetType": "compute.googleapis.com/UrlMap",
  "resource": {"data": {"name": "m",
    "selfLink": "https://www.googleapis.com/compute/v1/projects/shop/global/urlMaps/m",
    "defaultUrlRedirect": {"httpsRedirect": true, "redirectResponseCode": "MOVED_PERMANENTLY_DEFAULT", "stripQuery": false}}}}]
]], [[
resource "google_compute_url_map" "m" {
  name = "m"
  default_url_redirect {
    https_redirect = true
    strip_query    = false
  }
}
resource "google_compute_target_http_proxy" "p" {
  name    = "p"
  url_map = google_compute_url_map.m.id
}
resource "google_compute_global_forwarding_rule" "dont_fire" {
  name   = "dont_fire"
  target = google_compute_target_http_proxy.p.id
}]], [[
resource "google_compute_region_target_http_proxy" "p" {
  name    = "p"
  url_map = "m"
}
resource "google_compute_forwarding_rule" "dont_fire" {
  name                  = "dont_fire"
  load_balancing_scheme = "INTERNAL_MANAGED"
  target                = google_compute_region_target_http_proxy.p.id
}]] },
    unknown = { [[
variable "scheme" {}
resource "google_compute_target_http_proxy" "p" {
  name    = "p"
  url_map = "m"
}
resource "google_compute_global_forwarding_rule" "a" {
  name                  = "a"
  load_balancing_scheme = var.scheme
  target                = google_compute_target_http_proxy.p.id
}]] },
  },
}
