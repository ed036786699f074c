resource "google_compute_firewall" "stay" {
  name    = "stay"
  network = google_compute_network.main.name
  direction          = "EGRESS"
  destination_ranges = ["10.0.0.0/8"]
  target_tags        = ["web"]
  deny {
    protocol = "tcp"
  }
}
