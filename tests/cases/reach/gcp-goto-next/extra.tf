resource "google_compute_network_firewall_policy" "p" {
  name = "p"
}

resource "google_compute_network_firewall_policy_association" "p" {
  name              = "p"
  attachment_target = google_compute_network.main.id
  firewall_policy   = google_compute_network_firewall_policy.p.id
}

resource "google_compute_network_firewall_policy_rule" "ssh" {
  firewall_policy = google_compute_network_firewall_policy.p.id
  priority        = 10
  direction       = "INGRESS"
  action          = "goto_next"
  match {
    src_ip_ranges = ["0.0.0.0/0"]
    layer4_configs {
      ip_protocol = "tcp"
      ports       = [80]
    }
  }
}

resource "google_compute_network_firewall_policy_rule" "rest" {
  firewall_policy = google_compute_network_firewall_policy.p.id
  priority        = 20
  direction       = "INGRESS"
  action          = "deny"
  match {
    src_ip_ranges = ["0.0.0.0/0"]
    layer4_configs {
      ip_protocol = "all"
    }
  }
}
