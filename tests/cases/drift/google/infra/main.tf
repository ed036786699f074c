provider "google" {
  project = "shop-prod"
  region  = "europe-west1"
}

resource "google_compute_network" "main" {
  name                    = "main"
  auto_create_subnetworks = false
}
resource "google_compute_subnetwork" "web" {
  name                     = "web"
  network                  = google_compute_network.main.id
  region                   = "europe-west1"
  ip_cidr_range            = "10.0.0.0/24"
  private_ip_google_access = true
}
resource "google_compute_firewall" "web" {
  name          = "web"
  network       = google_compute_network.main.name
  source_ranges = ["10.2.0.0/16", "10.1.0.0/16"]
  allow {
    protocol = "TCP"
    ports    = ["443", "80"]
  }
}

resource "google_storage_bucket" "files" {
  name                        = "shop-prod-files"
  location                    = "europe-west1"
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"
  labels                      = { team = "trade" }
  versioning { enabled = true }
  encryption { default_kms_key_name = "projects/shop-prod/locations/europe-west1/keyRings/data/cryptoKeys/files" }
}
resource "google_storage_bucket_iam_member" "web" {
  bucket = google_storage_bucket.files.name
  role   = "roles/storage.objectViewer"
  member = "serviceAccount:${google_service_account.web.email}"
}

resource "google_sql_database_instance" "orders" {
  name             = "orders"
  database_version = "POSTGRES_16"
  region           = "europe-west1"
  settings {
    tier = "db-custom-2-7680"
    ip_configuration {
      ipv4_enabled    = false
      private_network = google_compute_network.main.id
      ssl_mode        = "ENCRYPTED_ONLY"
    }
    backup_configuration { enabled = true }
  }
}

resource "google_service_account" "web" {
  account_id = "web"
}
resource "google_project_iam_binding" "viewers" {
  project = "shop-prod"
  role    = "roles/viewer"
  members = ["group:audit@example.com", "user:Kim@example.com"]
}
resource "google_project_iam_member" "writer" {
  project = "shop-prod"
  role    = "roles/logging.logWriter"
  member  = "serviceAccount:web@shop-prod.iam.gserviceaccount.com"
}
resource "google_pubsub_topic" "orders" {
  name = "orders"
}
resource "google_pubsub_topic_iam_member" "orders" {
  topic  = google_pubsub_topic.orders.id
  role   = "roles/pubsub.publisher"
  member = "serviceAccount:web@shop-prod.iam.gserviceaccount.com"
}
resource "google_pubsub_topic" "gone" {
  name = "gone"
}
