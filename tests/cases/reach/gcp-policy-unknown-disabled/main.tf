resource "google_compute_network" "n" {
  name = "n"
  auto_create_subnetworks = false
}

resource "google_compute_subnetwork" "s" {
  name = "s"
  network = google_compute_network.n.id
  ip_cidr_range = "10.0.0.0/24"
  region = "europe-west1"
}

resource "google_compute_instance" "web" {
  name = "web"
  machine_type = "e2-small"
  network_interface {
    subnetwork = google_compute_subnetwork.s.id
    access_config {}
  }
}

resource "google_compute_network_firewall_policy" "p" {
  name = "p"
}

resource "google_compute_network_firewall_policy_association" "p" {
  name = "p"
  attachment_target = google_compute_network.n.id
  firewall_policy = google_compute_network_firewall_policy.p.name
}

resource "google_compute_network_firewall_policy_rule" "r" {
  firewall_policy = google_compute_network_firewall_policy.p.name
  priority        = 100
  direction       = "INGRESS"
  action          = "allow"
  disabled        = var.off
  match {
    src_ip_ranges = ["0.0.0.0/0"]
    layer4_configs {
      ip_protocol = "tcp"
      ports       = ["443"]
    }
  }
}

variable "off" {}
