local firewall = lib "firewall"

local ports = {
  { 20, "FTP data", "ftp-data" }, { 21, "FTP", "ftp" }, { 80, "HTTP", "http" }, { 3306, "MySQL", "mysql" },
  { 5432, "PostgreSQL", "postgresql" }, { 6379, "Redis", "redis" }, { 27017, "MongoDB", "mongodb" },
}

return rule {
  id = "GCP-VPC-003", title = "Firewall lets clear-text or database ports in from the internet",
  severity = "high", category = "network",
  aliases = { CKV_GCP_75 = "ftp", CKV_GCP_77 = "ftp-data", CKV_GCP_88 = "mysql", CKV_GCP_106 = "http" },
  frameworks = { "CIS-GCP-3.0:3.10", "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6", "ISO27001-2022:A.8.20" },
  for_each = "gcp.compute.firewall",
  description = [[Databases belong behind the applications that use them, and clear text can be read on the way.]],
  remediation = [[Limit `source_ranges` to the networks of the clients; offer HTTPS instead of HTTP.]],
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
    "allowed": [{"IPProtocol": "tcp", "ports": ["3306"]}]}}}]
]], [[
resource "google_compute_firewall" "fire" {
  network       = "n"
  source_ranges = ["0.0.0.0/0"]
  allow {
    protocol = "tcp"
    ports    = ["3306"]
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
    "allowed": [{"IPProtocol": "tcp", "ports": ["3306"]}]}}}]
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
    ports    = ["3306"]
  }
}]] },
    unknown = { [[
variable "s" {}
resource "google_compute_firewall" "a" {
  network       = "n"
  source_ranges = [var.s]
  allow {
    protocol = "tcp"
    ports    = ["3306"]
  }
}]] },
  },
}
