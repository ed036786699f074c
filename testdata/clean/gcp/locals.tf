locals {
  region     = "europe-west3"
  project_id = google_project.shop.project_id

  admin_networks = {
    office = "198.51.100.0/28"
    vpn    = "203.0.113.16/28"
  }

  services = [
    "artifactregistry.googleapis.com", "cloudfunctions.googleapis.com", "clouderrorreporting.googleapis.com",
    "cloudkms.googleapis.com", "cloudtrace.googleapis.com", "compute.googleapis.com", "container.googleapis.com",
    "containerscanning.googleapis.com", "dns.googleapis.com", "file.googleapis.com", "logging.googleapis.com",
    "monitoring.googleapis.com", "pubsub.googleapis.com", "redis.googleapis.com", "secretmanager.googleapis.com",
    "sqladmin.googleapis.com",
  ]
}
