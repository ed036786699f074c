resource "google_compute_network" "main" { name = "main" }

resource "google_compute_firewall" "web" {
  name          = "web"
  network       = google_compute_network.main.id
  source_ranges = ["0.0.0.0/0"]
  allow {
    protocol = "tcp"
    ports    = ["443"]
  }
}

resource "google_service_account" "web" {
  account_id = "web"
  project    = "acme-shop"
}

resource "google_compute_instance" "web" {
  name         = "web"
  machine_type = "e2-small"
  zone         = "europe-west6-a"
  network_interface {
    network = google_compute_network.main.id
    access_config {}
  }
  service_account {
    email  = google_service_account.web.email
    scopes = ["cloud-platform"]
  }
}

resource "google_storage_bucket" "orders" {
  name     = "acme-orders"
  project  = "acme-shop"
  location = "EUROPE-WEST6"
  labels   = { classification = "confidential" }
}

resource "google_storage_bucket_iam_member" "web" {
  bucket = google_storage_bucket.orders.name
  role   = "roles/storage.objectViewer"
  member = "serviceAccount:${google_service_account.web.email}"
}
