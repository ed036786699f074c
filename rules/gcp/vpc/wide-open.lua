local firewall = lib "firewall"

return rule {
  id = "GCP-VPC-004", title = "Firewall lets every port or a wide range in from the internet",
  severity = "critical", category = "network",
  aliases = { CKV2_GCP_12 = "all", "AVD-GCP-0027", "AVD-GCP-0072", "AVD-GCP-0074" },
  frameworks = { "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6", "ISO27001-2022:A.8.20" },
  for_each = "gcp.compute.firewall",
  description = [[A rule for every port also opens what is installed tomorrow.]],
  remediation = [[Name the protocol and the few ports that are needed, or limit `source_ranges`.]],
  references = { "https://cloud.google.com/firewall/docs/firewalls" },
  -- Trivy flags every port also where only private ranges get in, and ranges of ports from 30 on; here it is a hundred, so that the
  -- passive ports of a service are none.
  -- A range without a length is one address: Checkov takes 0.0.0.0 and ::0 for everything.
  -- ICMP and the like have no ports; a rule for them alone opens none.
  check = function(e)
    local from = firewall.everywhere(e)
    if from == nil then return end
    return each(items(e.allow or {}), function(block)
      local protocol = firewall.protocol(block)
      if protocol == "all" then
        return fail("firewall " .. e.name .. " lets everything in from " .. from, { case = "all", at = block })
      end
      if not one_of(protocol, "tcp", "udp", "sctp", "6", "17", "132") then return end
      if #list(block.ports) == 0 then
        return fail("firewall " .. e.name .. " lets every port of " .. protocol .. " in from " .. from, { case = "ports", at = block })
      end
      for _, text in ipairs(list(block.ports)) do
        local low, high = firewall.range(text)
        if low ~= nil and high - low >= 100 then
          return fail("firewall " .. e.name .. " lets the ports " .. text .. " in from " .. from, { case = "range", at = block })
        end
      end
    end)
  end,
  tests = {
    fail = { live [[
[{"type": "gcp:compute:firewall", "id": "fire", "name": "fire",
  "body": {"name": "fire", "direction": "INGRESS", "sourceRanges": ["0.0.0.0/0"], "allowed": [{"IPProtocol": "all"}]}}]
]], [[
resource "google_compute_firewall" "fire" {
  network       = "n"
  source_ranges = ["0.0.0.0/0"]
  allow {
    protocol = "all"
  }
}]], [[
resource "google_compute_firewall" "fire" {
  network       = "n"
  source_ranges = ["0.0.0.0/0"]
  allow {
    protocol = "tcp"
    ports    = ["0-65535"]
  }
}]] },
    pass = { live [[
[{"type": "gcp:compute:firewall", "id": "dont_fire", "name": "dont_fire",
  "body": {"name": "dont_fire", "direction": "INGRESS", "disabled": true, "sourceRanges": ["0.0.0.0/0"], "allowed": [{"IPProtocol": "all"}]}}]
]], [[
resource "google_compute_firewall" "dont_fire" {
  network       = "n"
  source_ranges = ["0.0.0.0/0"]
  allow {
    protocol = "icmp"
  }
}]], [[
resource "google_compute_firewall" "dont_fire" {
  network       = "n"
  source_ranges = ["10.0.0.0/8"]
  allow {
    protocol = "all"
  }
}]] },
    unknown = { [[
variable "s" {}
resource "google_compute_firewall" "a" {
  network       = "n"
  source_ranges = [var.s]
  allow {
    protocol = "all"
  }
}]] },
  },
}
