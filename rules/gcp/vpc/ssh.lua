local firewall = lib "firewall"

local ports = {
  { 22, "SSH" },
}

return rule {
  id = "GCP-VPC-001", title = "Firewall lets SSH in from the internet",
  severity = "critical", category = "network",
  aliases = { "CKV_GCP_2", "AVD-GCP-0071" },
  frameworks = { "CIS-GCP-3.0:3.6", "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6", "ISO27001-2022:A.8.20" },
  for_each = "gcp.compute.firewall",
  description = [[Whatever answers SSH on the internet is tried with stolen and guessed credentials all day.]],
  remediation = [[Limit `source_ranges` to known networks, or use tunnels of the Identity-Aware Proxy.]],
  references = { "https://cloud.google.com/firewall/docs/firewalls" },
  check = function(e) return firewall.judge(e, ports) end,
  tests = {
    fail = { live [[
[{"type": "gcp:compute:firewall", "id": "fire", "name": "fire",
  "body": {"name": "fire", "direction": "INGRESS", "sourceRanges": ["0.0.0.0/0"], "allowed": [{"IPProtocol": "tcp", "ports": ["22"]}]}}]
]], [[
resource "google_compute_firewall" "fire" {
  network       = "n"
  source_ranges = ["0.0.0.0/0"]
  allow {
    protocol = "tcp"
    ports    = ["22"]
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
    pass = { live [[
[{"type": "gcp:compute:firewall", "id": "dont_fire", "name": "dont_fire",
  "body": {"name": "dont_fire", "direction": "INGRESS", "sourceRanges": ["10.0.0.0/8"], "allowed": [{"IPProtocol": "tcp", "ports": ["22"]}]}}]
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
    ports    = ["22"]
  }
}]] },
    unknown = { [[
variable "s" {}
resource "google_compute_firewall" "a" {
  network       = "n"
  source_ranges = [var.s]
  allow {
    protocol = "tcp"
    ports    = ["22"]
  }
}]] },
  },
}
