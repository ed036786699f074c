local gcp = lib "gcp"

return rule {
  id = "GCP-GCE-007", title = "Instance forwards packets",
  severity = "medium", category = "network",
  aliases = { "CKV_GCP_36", "AVD-GCP-0043" },
  frameworks = { "CIS-GCP-3.0:4.6", "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6", "ISO27001-2022:A.8.20" },
  for_each = "gcp.compute.instance",
  description = [[A machine that may send packets under foreign addresses can pass for others.]],
  remediation = [[Leave `can_ip_forward` out, unless the machine is a gateway to which a route leads.]],
  references = { "https://cloud.google.com/vpc/docs/using-routes#canipforward" },
  -- The other checkers also flag gateways; a machine that is the next hop of a route has to forward.
  check = function(e)
    if gcp.is_node(e) then return end
    local source = gcp.source(e, "can_ip_forward")
    if not source.forwards then return end
    if #gcp.users(e, "gcp.compute.route", "routes_to") > 0 then return end
    return fail("instance " .. e.name .. " may forward packets and no route leads through it",
      { at = source.address == e.address and "forwards" or nil })
  end,
  fix = set("forwards", false),
  tests = {
    fail = { live [[
[{"type": "gcp:compute:instance", "id": "fire", "name": "fire",
  "body": {"name": "fire", "canIpForward": true}}]
]], [[
resource "google_compute_instance" "fire" {
  name           = "fire"
  can_ip_forward = true
}]] },
    pass = { live [[
[{"type": "gcp:compute:instance", "id": "dont_fire", "name": "dont_fire",
  "body": {"name": "dont_fire", "canIpForward": true, "selfLink": "https://www.googleapis.com/compute/v1/projects/p/zones/z/instances/dont_fire"}},
 {"type": "gcp:compute:route", "id": "r", "name": "r", "body": {"name": "r",
  "nextHopInstance": "https://compute.googleapis.com/compute/v1/projects/p/zones/z/instances/dont_fire"}}]
]], live [[
[{"type": "gcp:compute:instance", "id": "dont_fire", "name": "dont_fire",
  "body": {"name": "dont_fire"}}]
]], [[
resource "google_compute_instance" "dont_fire" { name = "dont_fire" }]], [[
resource "google_compute_instance" "dont_fire" {
  name           = "dont_fire"
  can_ip_forward = true
}
resource "google_compute_route" "r" {
  name              = "r"
  network           = "n"
  dest_range        = "10.0.0.0/8"
  next_hop_instance = google_compute_instance.dont_fire.self_link
}]] },
    unknown = { [[
variable "forward" { type = bool }
resource "google_compute_instance" "a" {
  name           = "a"
  can_ip_forward = var.forward
}]] },
  },
}
