local tags = lib "tags"

-- The environment that a network's name tells, or nil.
local function of(network)
  if not known(network.raw.name) or network.raw.name == nil then return nil end
  for _, word in ipairs(split(network.raw.name, "-")) do
    local environment = tags.normal(word)
    if environment ~= nil then return environment end
  end
end

-- The failure of a peering between networks of two environments; at: where its routes are exported.
local function judge(name, own, other, exports, at)
  if not own or not other then unknown("the environments of the two networks are not known by their names") end
  if own == other then return end
  if own == "prod" or other == "prod" then
    return fail("peering " .. name .. " joins a network of " .. own .. " with one of " .. other, { at = at or "peer_network" })
  end
  if exports then return fail("peering " .. name .. " exports routes of " .. own .. " to " .. other, { at = at or "export_routes" }) end
end

-- Both ends of a peering of a live network, which lists those that it has.
local function judge_network(network)
  return each(items(network.raw.peerings or {}), function(peering)
    local own, other = of(network), nil
    for _, target in ipairs(network:targets(peering.network)) do other = other or (target.kind == "gcp.compute.network" and of(target)) end
    return judge(peering.name, own, other, peering.exportCustomRoutes == true, peering)
  end)
end

local function ends_of(e)
  local own, other
  for _, target in ipairs(e:targets(e.raw.network)) do own = own or (target.kind == "gcp.compute.network" and of(target)) end
  for _, target in ipairs(e:targets(e.raw.peer_network)) do other = other or (target.kind == "gcp.compute.network" and of(target)) end
  return own, other
end

return rule {
  id = "GCP-VPC-009", title = "Peering exports custom routes between environments",
  severity = "medium", category = "network",
  version = 2, changes = { "judged on live answers too" },
  frameworks = { "NIST-800-53r5:SC-7", "PCI-DSS-4.0:6.5.3", "SOC2:CC6.6", "ISO27001-2022:A.8.31" },
  for_each = { "gcp.compute.peering", "gcp.compute.network" },
  where = function(e) return e.kind == "gcp.compute.peering" or (e.origin == "live" and e.raw.peerings ~= nil) end,
  description = [[A peering lets what is weaker guarded in one environment reach the other; exported routes open the networks behind it too.]],
  remediation = [[Keep production apart; offer single services by Private Service Connect.]],
  references = { "https://cloud.google.com/vpc/docs/vpc-peering" },
  check = function(e)
    if e.kind == "gcp.compute.network" then return judge_network(e) end
    local own, other = ends_of(e)
    return judge(e.name, own, other, one_of(own, "prod") or one_of(other, "prod") or e.export_routes)
  end,
  tests = {
    fail = { assets [[
[{"name": "//compute.googleapis.com/projects/shop/global/networks/fire-prod", "assetType": "compute.googleapis.com/Network",
  "resource": {"data": {"name": "fire-prod",
    "selfLink": "https://www.googleapis.com/compute/v1/projects/shop/global/networks/fire-prod",
    "autoCreateSubnetworks": false,
    "peerings": [{"name": "to-core-dev",
        "network": "https://www.googleapis.com/compute/v1/projects/shop/global/networks/core-dev",
        "state": "ACTIVE",
        "exportCustomRoutes": false,
        "importCustomRoutes": false}]}}},
{"name": "//compute.googleapis.com/projects/shop/global/networks/core-dev", "assetType": "compute.googleapis.com/Network",
  "resource": {"data": {"name": "core-dev",
    "selfLink": "https://www.googleapis.com/compute/v1/projects/shop/global/networks/core-dev",
    "autoCreateSubnetworks": false}}}]
]], [[
resource "google_compute_network" "a" { name = "core-prod" }
resource "google_compute_network" "b" { name = "core-dev" }
resource "google_compute_network_peering" "fire" {
  name         = "fire"
  network      = google_compute_network.a.self_link
  peer_network = google_compute_network.b.self_link
}]], [[
resource "google_compute_network" "a" { name = "core-staging" }
resource "google_compute_network" "b" { name = "core-dev" }
resource "google_compute_network_peering" "fire" {
  name                 = "fire"
  network              = google_compute_network.a.self_link
  peer_network         = google_compute_network.b.self_link
  export_custom_routes = true
}]] },
    pass = { assets [[
[{"name": "//compute.googleapis.com/projects/shop/global/networks/dont-fire-prod", "assetType": "compute.googleapis.com/Network",
  "resource": {"data": {"name": "dont-fire-prod",
    "selfLink": "https://www.googleapis.com/compute/v1/projects/shop/global/networks/dont-fire-prod",
    "autoCreateSubnetworks": false,
    "peerings": [{"name": "to-core-prod",
        "network": "https://www.googleapis.com/compute/v1/projects/shop/global/networks/core-prod",
        "state": "ACTIVE",
        "exportCustomRoutes": false,
        "importCustomRoutes": false}]}}},
{"name": "//compute.googleapis.com/projects/shop/global/networks/core-prod", "assetType": "compute.googleapis.com/Network",
  "resource": {"data": {"name": "core-prod",
    "selfLink": "https://www.googleapis.com/compute/v1/projects/shop/global/networks/core-prod",
    "autoCreateSubnetworks": false}}}]
]], [[
resource "google_compute_network" "a" { name = "core-prod" }
resource "google_compute_network" "b" { name = "data-prod" }
resource "google_compute_network_peering" "dont_fire" {
  name         = "dont_fire"
  network      = google_compute_network.a.self_link
  peer_network = google_compute_network.b.self_link
}]] },
    unknown = { [[
resource "google_compute_network" "a" { name = "core-prod" }
resource "google_compute_network_peering" "a" {
  name         = "a"
  network      = google_compute_network.a.self_link
  peer_network = "projects/other/global/networks/x"
}]] },
  },
}
