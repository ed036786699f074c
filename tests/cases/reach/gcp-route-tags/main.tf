resource "google_compute_network" "main" {
  name                    = "main"
  auto_create_subnetworks = false
  delete_default_routes_on_create = true
}

resource "google_compute_subnetwork" "main" {
  name          = "main"
  network       = google_compute_network.main.id
  ip_cidr_range = "10.0.0.0/24"
  region        = "europe-west1"
}

resource "google_compute_route" "out" {
  name             = "out"
  network          = google_compute_network.main.name
  dest_range       = "0.0.0.0/0"
  next_hop_gateway = "default-internet-gateway"
  tags             = ["out"]
}

resource "google_compute_instance" "web" {
  name         = "web"
  machine_type = "e2-micro"
  tags         = ["out"]
  network_interface {
    subnetwork = google_compute_subnetwork.main.id
    access_config {}
  }
}

resource "google_compute_instance" "other" {
  name         = "other"
  machine_type = "e2-micro"
  tags         = []
  network_interface {
    subnetwork = google_compute_subnetwork.main.id
    access_config {}
  }
}

resource "google_compute_firewall" "all" {
  name    = "all"
  network = google_compute_network.main.name
  source_ranges = ["0.0.0.0/0"]
  allow {
    protocol = "tcp"
    ports    = ["22"]
  }
}
