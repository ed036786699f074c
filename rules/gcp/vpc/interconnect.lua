local gcp = lib "gcp"

-- Whether the line under an attachment is encrypted itself (MACsec), or the tunnels over it are.
local function covered(e)
  if e.encryption == "IPSEC" then return true end
  for _, line in ipairs(e:targets(e.raw.interconnect)) do
    if line.kind == "gcp.compute.interconnect" and line.macsec then return true end
  end
  return #e:referrers("gcp.compute.vpn_gateway") > 0
end

-- How many attachments, in how many domains, share a router.
local function on_router(e)
  local count, domains, seen = 0, 0, {}
  for _, router in ipairs(e:targets(e.raw.router)) do
    for _, other in ipairs(gcp.users(router, "gcp.compute.attachment", "attached_to")) do
      count = count + 1
      local domain = known(other.domain) and other.domain or other.address
      if domain == "AVAILABILITY_DOMAIN_ANY" then domain = other.address end
      if not seen[domain] then seen[domain], domains = true, domains + 1 end
    end
  end
  return count, domains
end

return rule {
  id = "GCP-VPC-011", title = "Interconnect attachment is unencrypted or single",
  severity = "medium", category = "resilience",
  frameworks = { "NIST-800-53r5:CP-10", "SOC2:A1.2", "ISO27001-2022:A.8.14" },
  for_each = { "gcp.compute.attachment", "gcp.compute.vpn_tunnel" },
  description = [[Traffic on an unencrypted line can be read on the way; a single attachment, or a classic gateway, is one failure away from none.]],
  remediation = [[Set `encryption = "IPSEC"` with HA VPN on top (or MACsec), give the router a second attachment in another edge domain, and
move tunnels to `google_compute_ha_vpn_gateway`.]],
  references = { "https://cloud.google.com/network-connectivity/docs/interconnect/concepts/overview",
    "https://cloud.google.com/network-connectivity/docs/vpn/concepts/classic-topologies" },
  check = function(e)
    if e.kind == "gcp.compute.vpn_tunnel" then
      if #e:targets(e.raw.target_vpn_gateway) > 0 or e.classic ~= nil then
        return fail("tunnel " .. e.name .. " ends at a classic VPN gateway", { case = "classic", at = "classic" })
      end
      return
    end
    return each({ "encryption", "single" }, function(case)
      if case == "encryption" then
        if not covered(e) then
          return fail("attachment " .. e.name .. " carries unencrypted traffic", { case = case, at = "encryption" })
        end
        return
      end
      local count, domains = on_router(e)
      if count == 0 then unknown("the router of the attachment is outside the scan") end
      if count == 1 then
        return fail("attachment " .. e.name .. " is the only one of its router", { case = case })
      end
      if domains == 1 then
        return fail("attachments of the router of " .. e.name .. " share one edge domain", { case = case, at = "domain" })
      end
    end)
  end,
  tests = {
    fail = { assets [[
[{"name": "//compute.googleapis.com/projects/shop/regions/europe-west3/routers/r", "assetType": "compute.googleapis.com/Router",
  "resource": {"data": {"name": "r",
    "selfLink": "https://www.googleapis.com/compute/v1/projects/shop/regions/europe-west3/routers/r",
    "network": "https://www.googleapis.com/compute/v1/projects/shop/global/networks/core",
    "encryptedInterconnectRouter": true}}},
{"name": "//compute.googleapis.com/projects/shop/regions/europe-west3/interconnectAttachments/fire", "assetType": "compute.googleapis.com/InterconnectAttachment",
  "resource": {"data": {"name": "fire",
    "selfLink": "https://www.googleapis.com/compute/v1/projects/shop/regions/europe-west3/interconnectAttachments/fire",
    "type": "DEDICATED",
    "region": "https://www.googleapis.com/compute/v1/projects/shop/regions/europe-west3",
    "router": "https://www.googleapis.com/compute/v1/projects/shop/regions/europe-west3/routers/r",
    "edgeAvailabilityDomain": "AVAILABILITY_DOMAIN_1",
    "encryption": "NONE"}}}]
]], [[
resource "google_compute_router" "r" {
  name    = "r"
  network = "n"
}
resource "google_compute_interconnect_attachment" "fire" {
  name   = "fire"
  router = google_compute_router.r.id
}]], [[
resource "google_compute_vpn_gateway" "g" {
  name    = "g"
  network = "n"
}
resource "google_compute_vpn_tunnel" "fire" {
  name               = "fire"
  target_vpn_gateway = google_compute_vpn_gateway.g.id
}]] },
    pass = { assets [[
[{"name": "//compute.googleapis.com/projects/shop/regions/europe-west3/routers/r", "assetType": "compute.googleapis.com/Router",
  "resource": {"data": {"name": "r",
    "selfLink": "https://www.googleapis.com/compute/v1/projects/shop/regions/europe-west3/routers/r",
    "network": "https://www.googleapis.com/compute/v1/projects/shop/global/networks/core",
    "encryptedInterconnectRouter": true}}},
{"name": "//compute.googleapis.com/projects/shop/regions/europe-west3/interconnectAttachments/dont-fire", "assetType": "compute.googleapis.com/InterconnectAttachment",
  "resource": {"data": {"name": "dont-fire",
    "selfLink": "https://www.googleapis.com/compute/v1/projects/shop/regions/europe-west3/interconnectAttachments/dont-fire",
    "type": "DEDICATED",
    "region": "https://www.googleapis.com/compute/v1/projects/shop/regions/europe-west3",
    "router": "https://www.googleapis.com/compute/v1/projects/shop/regions/europe-west3/routers/r",
    "edgeAvailabilityDomain": "AVAILABILITY_DOMAIN_1",
    "encryption": "IPSEC"}}},
{"name": "//compute.googleapis.com/projects/shop/regions/europe-west3/interconnectAttachments/dont-fire-2", "assetType": "compute.googleapis.com/InterconnectAttachment",
  "resource": {"data": {"name": "dont-fire-2",
    "selfLink": "https://www.googleapis.com/compute/v1/projects/shop/regions/europe-west3/interconnectAttachments/dont-fire-2",
    "type": "DEDICATED",
    "region": "https://www.googleapis.com/compute/v1/projects/shop/regions/europe-west3",
    "router": "https://www.googleapis.com/compute/v1/projects/shop/regions/europe-west3/routers/r",
    "edgeAvailabilityDomain": "AVAILABILITY_DOMAIN_2",
    "encryption": "IPSEC"}}}]
]], [[
resource "google_compute_router" "r" {
  name    = "r"
  network = "n"
}
resource "google_compute_interconnect_attachment" "dont_fire" {
  count                    = 2
  name                     = "dont-fire-${count.index}"
  router                   = google_compute_router.r.id
  encryption               = "IPSEC"
  edge_availability_domain = "AVAILABILITY_DOMAIN_${count.index + 1}"
}]], [[
resource "google_compute_ha_vpn_gateway" "g" {
  name    = "g"
  network = "n"
}
resource "google_compute_vpn_tunnel" "dont_fire" {
  name        = "dont_fire"
  vpn_gateway = google_compute_ha_vpn_gateway.g.id
}]] },
    unknown = { [[
variable "router" {}
resource "google_compute_interconnect_attachment" "a" {
  name       = "a"
  encryption = "IPSEC"
  router     = var.router
}]] },
  },
}
