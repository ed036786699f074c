resource "google_compute_firewall" "closed" {
  name    = "closed"
  network = google_compute_network.main.name
  priority = 1001
  deny {
    protocol = "all"
  }
}
