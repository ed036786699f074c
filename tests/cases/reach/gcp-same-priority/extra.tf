resource "google_compute_firewall" "closed" {
  name    = "closed"
  network = google_compute_network.main.name
  priority = 1000
  deny {
    protocol = "all"
  }
}
