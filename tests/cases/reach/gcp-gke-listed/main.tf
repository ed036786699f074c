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

resource "google_container_cluster" "main" {
  name       = "main"
  network    = google_compute_network.main.id
  subnetwork = google_compute_subnetwork.main.id
  private_cluster_config {
    enable_private_nodes    = true
    enable_private_endpoint = false
    master_ipv4_cidr_block  = "172.16.0.0/28"
  }
  master_authorized_networks_config {
    cidr_blocks {
      cidr_block = "203.0.113.0/24"
    }
  }
}

resource "google_container_node_pool" "main" {
  name    = "main"
  cluster = google_container_cluster.main.id
  node_config {
    tags = ["node"]
  }
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
