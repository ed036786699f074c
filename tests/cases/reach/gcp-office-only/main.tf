resource "google_compute_network" "main" {
  name                    = "main"
  auto_create_subnetworks = false
}

resource "google_compute_subnetwork" "main" {
  name          = "main"
  network       = google_compute_network.main.id
  ip_cidr_range = "10.0.0.0/24"
  region        = "europe-west1"
}

resource "google_compute_instance" "web" {
  name         = "web"
  machine_type = "e2-micro"
  tags         = []
  network_interface {
    subnetwork = google_compute_subnetwork.main.id
    access_config {}
  }
}

resource "google_compute_firewall" "web" {
  name    = "web"
  network = google_compute_network.main.name
  source_ranges = ["203.0.113.0/24"]
  allow {
    protocol = "tcp"
    ports    = ["22"]
  }
}
