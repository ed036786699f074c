local gcp = lib "gcp"

return rule {
  id = "GCP-DNS-002", title = "Queries are not logged",
  severity = "low", category = "logging",
  frameworks = { "CIS-GCP-3.0:2.12", "NIST-800-53r5:AU-2", "PCI-DSS-4.0:10.2.1", "SOC2:CC7.2", "ISO27001-2022:A.8.15" },
  for_each = { "gcp.compute.network", "gcp.dns.zone" },
  where = function(e) return e.kind ~= "gcp.dns.zone" or not known(e.visibility) or e.visibility == "public" end,
  description = [[The names that a machine asks for show malware and leaks of data early.]],
  remediation = [[Add a `google_dns_policy` with `enable_logging = true` for the network; set `cloud_logging_config { enable_logging = true }`
on public zones.]],
  references = { "https://cloud.google.com/dns/docs/monitoring" },
  check = function(e)
    if e.kind == "gcp.dns.zone" then
      if e.visibility == "public" and not e.query_log then
        return fail("queries of the public zone " .. e.name .. " are not logged", { case = "zone", at = "query_log" })
      end
      return
    end
    for _, policy in ipairs(gcp.users(e, "gcp.dns.policy", "attached_to")) do
      if policy.query_log then return end
    end
    for _, policy in ipairs(graph.all("gcp.dns.policy")) do
      if not known(policy.networks) then unknown("the networks of a policy are not known") end
    end
    return fail("queries of machines in network " .. e.name .. " are not logged", { case = "network" })
  end,
  fix = set("query_log", true, "zone"),
  tests = {
    fail = { live [[
[{"type": "gcp:compute:network", "id": "fire", "name": "fire",
  "body": {"name": "fire", "selfLink": "https://www.googleapis.com/compute/v1/projects/p/global/networks/fire"}},
 {"type": "gcp:dns:policy", "id": "p", "name": "p", "body": {"name": "p", "enableLogging": false,
  "networks": [{"networkUrl": "https://compute.googleapis.com/compute/v1/projects/p/global/networks/fire"}]}}]
]], [[
resource "google_compute_network" "fire" { name = "fire" }]], [[
resource "google_dns_managed_zone" "fire" {
  name     = "fire"
  dns_name = "example.com."
}]] },
    pass = { live [[
[{"type": "gcp:compute:network", "id": "dont_fire", "name": "dont_fire",
  "body": {"name": "dont_fire", "selfLink": "https://www.googleapis.com/compute/v1/projects/p/global/networks/dont_fire"}},
 {"type": "gcp:dns:policy", "id": "p", "name": "p", "body": {"name": "p", "enableLogging": true,
  "networks": [{"networkUrl": "https://compute.googleapis.com/compute/v1/projects/p/global/networks/dont_fire"}]}}]
]], [[
resource "google_compute_network" "dont_fire" { name = "dont_fire" }
resource "google_dns_policy" "p" {
  name           = "p"
  enable_logging = true
  networks { network_url = google_compute_network.dont_fire.id }
}
resource "google_dns_managed_zone" "dont_fire" {
  name     = "dont_fire"
  dns_name = "example.com."
  cloud_logging_config { enable_logging = true }
}]] },
    unknown = { [[
variable "log" { type = bool }
resource "google_dns_managed_zone" "a" {
  name     = "a"
  dns_name = "example.com."
  cloud_logging_config { enable_logging = var.log }
}]] },
  },
}
