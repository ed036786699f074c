resource "google_compute_network" "main" {
  name                    = "main"
  auto_create_subnetworks = false
}

resource "google_compute_subnetwork" "main" {
  name          = "main"
  network       = google_compute_network.main.id
  ip_cidr_range = "10.0.0.0/24"
}

resource "google_compute_instance" "web" {
  name         = "web"
  machine_type = "e2-micro"
  tags         = ["web"]
  network_interface {
    subnetwork = google_compute_subnetwork.main.id
    access_config {}
  }
}

resource "google_compute_instance" "db" {
  name         = "db"
  machine_type = "e2-micro"
  tags         = ["db"]
  network_interface {
    subnetwork = google_compute_subnetwork.main.id
  }
}

resource "google_compute_firewall" "web" {
  name          = "web"
  network       = google_compute_network.main.name
  source_ranges = ["0.0.0.0/0"]
  target_tags   = ["web"]
  allow {
    protocol = "tcp"
    ports    = ["80", "8000-8010"]
  }
}

resource "google_compute_firewall" "db" {
  name        = "db"
  network     = google_compute_network.main.name
  source_tags = ["web"]
  target_tags = ["db"]
  allow {
    protocol = "tcp"
    ports    = [5432]
  }
}
