resource "google_compute_network" "other" {
  name                    = "other"
  auto_create_subnetworks = false
}

resource "google_compute_subnetwork" "other" {
  name          = "other"
  network       = google_compute_network.other.id
  ip_cidr_range = "10.9.0.0/24"
}

resource "google_compute_instance" "job" {
  name         = "job"
  machine_type = "e2-micro"
  network_interface {
    subnetwork = google_compute_subnetwork.other.id
  }
}

resource "google_compute_network_peering" "there" {
  name         = "there"
  network      = google_compute_network.main.self_link
  peer_network = google_compute_network.other.self_link
}
