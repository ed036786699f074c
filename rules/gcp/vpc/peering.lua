local tags = lib "tags"

-- The environment that a network's name tells, or nil.
local function of(network)
  if not known(network.raw.name) or network.raw.name == nil then return nil end
  for _, word in ipairs(split(network.raw.name, "-")) do
    local environment = tags.normal(word)
    if environment ~= nil then return environment end
  end
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
  frameworks = { "NIST-800-53r5:SC-7", "PCI-DSS-4.0:6.5.3", "SOC2:CC6.6", "ISO27001-2022:A.8.31" },
  for_each = "gcp.compute.peering",
  description = [[A peering lets what is weaker guarded in one environment reach the other; exported routes open the networks behind it too.]],
  remediation = [[Keep production apart; offer single services by Private Service Connect.]],
  references = { "https://cloud.google.com/vpc/docs/vpc-peering" },
  check = function(e)
    local own, other = ends_of(e)
    if not own or not other then unknown("the environments of the two networks are not known by their names") end
    if own == other then return end
    if own == "prod" or other == "prod" then
      return fail("peering " .. e.name .. " joins a network of " .. own .. " with one of " .. other)
    end
    if e.export_routes then
      return fail("peering " .. e.name .. " exports routes of " .. own .. " to " .. other, { at = "export_routes" })
    end
  end,
  tests = {
    fail = { [[
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
    pass = { [[
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
