resource "google_compute_firewall" "closed" {
  name    = "closed"
  network = google_compute_network.main.name
  priority = 1
  disabled = true
  deny {
    protocol = "all"
  }
}
