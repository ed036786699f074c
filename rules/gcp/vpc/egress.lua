local firewall = lib "firewall"

-- Whether a rule that denies everything outward comes before this one in the same network.
local function limited(e, priority)
  for _, other in ipairs(graph.all("gcp.compute.firewall")) do
    if other.address ~= e.address and known(other.deny) and #list(other.deny) > 0 and known(other.direction)
      and other.direction == "EGRESS" and known(other.disabled) and not other.disabled and known(other.priority)
      and other.priority < priority and known(other.network) and known(e.network) and other.network == e.network
      and firewall.outward(other) ~= nil then
      return true
    end
  end
  return false
end

return rule {
  id = "GCP-VPC-005", title = "Firewall lets all traffic out",
  severity = "medium", category = "network",
  aliases = { "AVD-GCP-0035" },
  frameworks = { "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6", "ISO27001-2022:A.8.20" },
  for_each = "gcp.compute.firewall",
  where = function(e) return not known(e.direction) or e.direction == "EGRESS" end,
  description = [[Machines that may talk to every address on every port can send data out, and fetch what an intruder needs.]],
  remediation = [[Deny egress with a high priority number, and allow the destinations and ports that are needed above it.]],
  references = { "https://cloud.google.com/firewall/docs/firewalls#default_firewall_rules" },
  -- Trivy flags also rules for one port. Without any rule everything is allowed; one that names ports is there because of a denial.
  check = function(e)
    if e.direction ~= "EGRESS" or e.disabled then return end
    local to = firewall.outward(e)
    if to == nil then return end
    return each(items(e.allow or {}), function(block)
      if firewall.protocol(block) == "all" and not limited(e, e.priority) then
        return fail("firewall " .. e.name .. " lets everything out to " .. to, { at = block })
      end
    end)
  end,
  tests = {
    fail = { live [[
[{"type": "gcp:compute:firewall", "id": "fire", "name": "fire",
  "body": {"name": "fire", "direction": "EGRESS", "destinationRanges": ["0.0.0.0/0"], "allowed": [{"IPProtocol": "all"}]}}]
]], [[
resource "google_compute_firewall" "fire" {
  name               = "fire"
  network            = "n"
  direction          = "EGRESS"
  destination_ranges = ["0.0.0.0/0"]
  allow { protocol = "all" }
}]] },
    pass = { live [[
[{"type": "gcp:compute:firewall", "id": "dont_fire", "name": "dont_fire",
  "body": {"name": "dont_fire", "direction": "EGRESS", "destinationRanges": ["10.0.0.0/8"], "allowed": [{"IPProtocol": "all"}]}}]
]], [[
resource "google_compute_firewall" "dont_fire" {
  name               = "dont_fire"
  network            = "n"
  direction          = "EGRESS"
  destination_ranges = ["0.0.0.0/0"]
  allow {
    protocol = "tcp"
    ports    = ["443"]
  }
}]], [[
resource "google_compute_firewall" "deny" {
  name               = "deny"
  network            = "n"
  direction          = "EGRESS"
  priority           = 100
  destination_ranges = ["0.0.0.0/0"]
  deny { protocol = "all" }
}
resource "google_compute_firewall" "dont_fire" {
  name               = "dont_fire"
  network            = "n"
  direction          = "EGRESS"
  destination_ranges = ["0.0.0.0/0"]
  allow { protocol = "all" }
}]] },
    unknown = { [[
variable "to" {}
resource "google_compute_firewall" "a" {
  name               = "a"
  network            = "n"
  direction          = "EGRESS"
  destination_ranges = [var.to]
  allow { protocol = "all" }
}]] },
  },
}
