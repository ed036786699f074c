resource "google_compute_instance" "web" {
  name         = "web"
  machine_type = "e2-micro"
  tags         = []
  network_interface {
    network = "default"
    access_config {}
  }
}

resource "google_compute_firewall" "https" {
  name    = "https"
  network = "default"
  source_ranges = ["0.0.0.0/0"]
  allow {
    protocol = "tcp"
    ports    = ["443"]
  }
}
