local firewall = lib "firewall"

local ports = {
  { 3389, "RDP" },
}

return rule {
  id = "GCP-VPC-002", title = "Firewall lets RDP in from the internet",
  severity = "critical", category = "network",
  aliases = { "CKV_GCP_3", "AVD-GCP-0070" },
  frameworks = { "CIS-GCP-3.0:3.7", "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6", "ISO27001-2022:A.8.20" },
  for_each = "gcp.compute.firewall",
  description = [[Remote desktops on the internet are the usual way in for extortion.]],
  remediation = [[Limit `source_ranges` to known networks, or use tunnels of the Identity-Aware Proxy.]],
  references = { "https://cloud.google.com/firewall/docs/firewalls" },
  check = function(e) return firewall.judge(e, ports) end,
  tests = {
    fail = { assets [[
[{"name": "//compute.googleapis.com/projects/shop/global/firewalls/fire", "assetType": "compute.googleapis.com/Firewall",
  "resource": {"data": {"name": "fire",
    "selfLink": "https://www.googleapis.com/compute/v1/projects/shop/global/firewalls/fire",
    "direction": "INGRESS",
    "disabled": false,
    "priority": 1000,
    "network": "https://www.googleapis.com/compute/v1/projects/shop/global/networks/core",
    "sourceRanges": ["0.0.0.0/0"],
    "allowed": [{"IPProtocol": "tcp", "ports": ["3389"]}]}}}]
]], [[
resource "google_compute_firewall" "fire" {
  network       = "n"
  source_ranges = ["0.0.0.0/0"]
  allow {
    protocol = "tcp"
    ports    = ["3389"]
  }
}]], [[
resource "google_compute_firewall" "fire" {
  network       = "n"
  source_ranges = ["::/0"]
  allow {
    protocol = "tcp"
    ports    = ["20-4000"]
  }
}]] },
    pass = { assets [[
[{"name": "//compute.googleapis.com/projects/shop/global/firewalls/dont-fire", "assetType": "compute.googleapis.com/Firewall",
  "resource": {"data": {"name": "dont-fire",
    "selfLink": "https://www.googleapis.com/compute/v1/projects/shop/global/firewalls/dont-fire",
    "direction": "INGRESS",
    "disabled": false,
    "priority": 1000,
    "network": "https://www.googleapis.com/compute/v1/projects/shop/global/networks/core",
    "sourceRanges": ["10.0.0.0/8"],
    "allowed": [{"IPProtocol": "tcp", "ports": ["3389"]}]}}}]
]], [[
resource "google_compute_firewall" "dont_fire" {
  network       = "n"
  source_ranges = ["0.0.0.0/0"]
  allow {
    protocol = "tcp"
    ports    = ["443"]
  }
}]], [[
resource "google_compute_firewall" "dont_fire" {
  network       = "n"
  source_ranges = ["10.0.0.0/8"]
  allow {
    protocol = "tcp"
    ports    = ["3389"]
  }
}]] },
    unknown = { [[
variable "s" {}
resource "google_compute_firewall" "a" {
  network       = "n"
  source_ranges = [var.s]
  allow {
    protocol = "tcp"
    ports    = ["3389"]
  }
}]] },
  },
}
