-- The word by which the default network is named, as an attribute or at the end of an address.
local function is_default(value)
  return value ~= nil and match(value, "(?:^|/)default$") ~= nil
end

-- What limits a network: firewall rules, or policies that are associated with it.
local function guarded(network)
  return #network:referrers("gcp.compute.firewall") > 0 or #network:referrers("gcp.compute.firewall_policy_association") > 0
end

local function judge_project(e)
  return each({ "default", "legacy" }, function(case)
    if case == "default" then
      if e.auto_create_network then
        return fail("project " .. e.name .. " gets the default network with its open rules", { case = "project", at = "auto_create_network" })
      end
      return
    end
    for _, network in ipairs(e:referrers("gcp.compute.network")) do
      if network.legacy_range ~= nil or network.automatic then
        return fail("network " .. network.name .. " of project " .. e.name .. " has a subnetwork in every region",
          { case = case, at = network })
      end
    end
  end)
end

return rule {
  id = "GCP-VPC-006", title = "Network keeps the default network or default rules",
  severity = "medium", category = "network",
  version = 2, changes = { "judged on live answers too" },
  aliases = {
    CKV_GCP_27 = "project", ["AVD-GCP-0010"] = "project", CKV2_GCP_2 = "legacy", CKV2_GCP_18 = "firewall", ["AVD-GCP-0073"] = "rule",
  },
  frameworks = { "CIS-GCP-3.0:3.1", "CIS-GCP-3.0:3.2", "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6", "ISO27001-2022:A.8.20" },
  for_each = { "gcp.project", "gcp.compute.network", "gcp.compute.firewall", "gcp.compute.instance" },
  -- In a live project its networks are judged.
  where = function(e) return e.kind ~= "gcp.project" or e.origin ~= "live" end,
  description = [[The default network has a subnetwork in every region, and rules that let SSH, RDP and everything internal in.]],
  remediation = [[Set `auto_create_network = false` on projects, make networks with `auto_create_subnetworks = false` and rules of
their own.]],
  references = { "https://cloud.google.com/vpc/docs/vpc#default-network" },
  -- Checkov takes a network that does not say auto_create_subnetworks for one without; the provider's default is true. Trivy takes
  -- every rule that is open to the world for a default one; here only those that look like the default ones are.
  check = function(e)
    if e.kind == "gcp.project" then return judge_project(e) end
    if e.kind == "gcp.compute.network" then
      if e.origin == "live" and e.name == "default" then
        return fail("the project keeps the network " .. e.name .. " that it was made with", { case = "project" })
      end
      if e.origin == "live" and e.legacy_range ~= nil then
        return fail("network " .. e.name .. " is a legacy network without subnetworks", { case = "legacy" })
      end
      if not guarded(e) and e.origin ~= "live" then
        return fail("network " .. e.name .. " has no firewall rules of its own", { case = "firewall" })
      end
      return
    end
    if e.kind == "gcp.compute.instance" then
      return each(e.interfaces or {}, function(interface)
        if (e.origin == "live" or #e:targets(interface.network) == 0) and is_default(interface.network) then
          return fail("instance " .. e.name .. " is in the default network", { case = "use", at = interface })
        end
      end)
    end
    if e.disabled or e.direction ~= "INGRESS" or #list(e.allow) == 0 then return end
    if has(list(e.from), "10.128.0.0/9")
      or (e.raw.name ~= nil and match(e.raw.name, "^default-allow-(?:internal|ssh|rdp|icmp)$")) then
      return fail("firewall " .. e.name .. " is one of the default rules", { case = "rule" })
    end
  end,
  fix = set("auto_create_network", false, "project"),
  tests = {
    fail = { assets [[
[{"name": "//compute.googleapis.com/projects/shop/global/networks/default", "assetType": "compute.googleapis.com/Network",
  "resource": {"data": {"name": "default",
    "selfLink": "https://www.googleapis.com/compute/v1/projects/shop/global/networks/default",
    "autoCreateSubnetworks": true}}},
{"name": "//compute.googleapis.com/projects/shop/zones/europe-west3-a/instances/fire", "assetType": "compute.googleapis.com/Instance",
  "resource": {"data": {"name": "fire",
    "selfLink": "https://www.googleapis.com/compute/v1/projects/shop/zones/europe-west3-a/instances/fire",
    "networkInterfaces": [{"network": "https://www.googleapis.com/compute/v1/projects/shop/global/networks/default"}]}}}]
]], [[
resource "google_project" "fire" {
  name       = "fire"
  project_id = "fire"
}]], [[
resource "google_project" "fire" {
  name                = "fire"
  project_id          = "fire"
  auto_create_network = false
}
resource "google_compute_network" "n" {
  name    = "n"
  project = google_project.fire.project_id
}
resource "google_compute_firewall" "f" {
  name    = "f"
  network = google_compute_network.n.name
}]], [[
resource "google_compute_network" "fire" { name = "fire" }]], [[
resource "google_compute_firewall" "fire" {
  name          = "internal"
  network       = "n"
  source_ranges = ["10.128.0.0/9"]
  allow { protocol = "all" }
}]], [[
resource "google_compute_instance" "fire" {
  name = "fire"
  network_interface { network = "default" }
}]] },
    pass = { assets [[
[{"name": "//compute.googleapis.com/projects/shop/global/networks/core", "assetType": "compute.googleapis.com/Network",
  "resource": {"data": {"name": "core",
    "selfLink": "https://www.googleapis.com/compute/v1/projects/shop/global/networks/core",
    "autoCreateSubnetworks": false}}},
{"name": "//compute.googleapis.com/projects/shop/zones/europe-west3-a/instances/dont-fire", "assetType": "compute.googleapis.com/Instance",
  "resource": {"data": {"name": "dont-fire",
    "selfLink": "https://www.googleapis.com/compute/v1/projects/shop/zones/europe-west3-a/instances/dont-fire",
    "networkInterfaces": [{"network": "https://www.googleapis.com/compute/v1/projects/shop/global/networks/core"}]}}}]
]], [[
resource "google_project" "dont_fire" {
  name                = "dont_fire"
  project_id          = "dont_fire"
  auto_create_network = false
}
resource "google_compute_network" "dont_fire" {
  name                    = "dont_fire"
  project                 = google_project.dont_fire.project_id
  auto_create_subnetworks = false
}
resource "google_compute_firewall" "dont_fire" {
  name          = "dont_fire"
  network       = google_compute_network.dont_fire.name
  source_ranges = ["0.0.0.0/0"]
  allow {
    protocol = "tcp"
    ports    = ["443"]
  }
}]] },
    unknown = { [[
variable "auto" { type = bool }
resource "google_project" "a" {
  name                = "a"
  project_id          = "a"
  auto_create_network = var.auto
}]] },
  },
}
