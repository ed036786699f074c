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

resource "google_compute_instance_group" "web" {
  name      = "web"
  instances = [google_compute_instance.web.id]
  named_port {
    name = "http"
    port = 8080
  }
}

resource "google_compute_backend_service" "web" {
  name      = "web"
  port_name = "http"
  backend {
    group = google_compute_instance_group.web.id
  }
}

resource "google_compute_url_map" "web" {
  name            = "web"
  default_service = google_compute_backend_service.web.id
}

resource "google_compute_target_https_proxy" "web" {
  name    = "web"
  url_map = google_compute_url_map.web.id
}

resource "google_compute_global_forwarding_rule" "web" {
  name                  = "web"
  target                = google_compute_target_https_proxy.web.id
  port_range            = "443"
  load_balancing_scheme = "INTERNAL_MANAGED"
}

resource "google_compute_firewall" "gfe" {
  name    = "gfe"
  network = google_compute_network.main.name
  source_ranges = ["35.191.0.0/16", "130.211.0.0/22"]
  allow {
    protocol = "tcp"
    ports    = ["8080"]
  }
}
