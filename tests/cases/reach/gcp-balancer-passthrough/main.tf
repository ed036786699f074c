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
  }
}

resource "google_compute_target_pool" "web" {
  name      = "web"
  instances = [google_compute_instance.web.self_link]
}

resource "google_compute_forwarding_rule" "web" {
  name       = "web"
  target     = google_compute_target_pool.web.id
  port_range = "22"
}

resource "google_compute_firewall" "ssh" {
  name    = "ssh"
  network = google_compute_network.main.name
  source_ranges = ["0.0.0.0/0"]
  allow {
    protocol = "tcp"
    ports    = ["22"]
  }
}
