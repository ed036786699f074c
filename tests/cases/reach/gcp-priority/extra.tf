resource "google_compute_firewall" "closed" {
  name    = "closed"
  network = google_compute_network.main.name
  priority = 900
  deny {
    protocol = "tcp"
    ports    = ["80"]
  }
}
