resource "google_compute_network" "prod" {
  name                    = "prod"
  auto_create_subnetworks = false
}

resource "google_compute_network" "dev" {
  name                    = "dev"
  auto_create_subnetworks = false
}

resource "google_compute_subnetwork" "prod" {
  name          = "prod"
  network       = google_compute_network.prod.id
  ip_cidr_range = "10.10.0.0/24"
  region        = "europe-west1"
}

resource "google_compute_subnetwork" "dev" {
  name          = "dev"
  network       = google_compute_network.dev.id
  ip_cidr_range = "10.20.0.0/24"
  region        = "europe-west1"
}

resource "google_compute_network_peering" "prod" {
  name         = "prod"
  network      = google_compute_network.prod.self_link
  peer_network = google_compute_network.dev.self_link
}

resource "google_compute_network_peering" "dev" {
  name         = "dev"
  network      = google_compute_network.dev.self_link
  peer_network = google_compute_network.prod.self_link
}

resource "google_compute_firewall" "web" {
  name          = "web"
  network       = google_compute_network.prod.name
  source_ranges = ["0.0.0.0/0"]
  target_tags   = ["web"]
  allow {
    protocol = "tcp"
    ports    = ["443"]
  }
}

resource "google_compute_firewall" "no_dev" {
  name          = "no-dev"
  network       = google_compute_network.prod.name
  priority      = 500
  source_ranges = ["10.20.0.0/16"]
  deny {
    protocol = "all"
  }
}

resource "google_compute_firewall" "internal" {
  name          = "internal"
  network       = google_compute_network.prod.name
  source_ranges = ["10.0.0.0/8"]
  target_tags   = ["data"]
  allow {
    protocol = "tcp"
    ports    = ["5432"]
  }
}

resource "google_compute_instance" "web" {
  name         = "web"
  machine_type = "e2-small"
  tags         = ["web"]
  network_interface {
    subnetwork = google_compute_subnetwork.prod.id
    access_config {}
  }
}

resource "google_compute_instance" "data" {
  name         = "data"
  machine_type = "e2-small"
  tags         = ["data"]
  network_interface {
    subnetwork = google_compute_subnetwork.prod.id
  }
}

resource "google_compute_instance" "dev" {
  name         = "dev"
  machine_type = "e2-small"
  network_interface {
    subnetwork = google_compute_subnetwork.dev.id
  }
}
