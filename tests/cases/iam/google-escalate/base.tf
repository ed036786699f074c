resource "google_project" "shop" {
  name       = "shop"
  project_id = "shop"
  org_id     = "42"
}
resource "google_service_account" "boss" {
  account_id = "boss"
  project    = "shop"
}
resource "google_project_iam_member" "boss" {
  project = "shop"
  role    = "roles/owner"
  member  = google_service_account.boss.member
}
resource "google_compute_instance" "vm" {
  name    = "vm"
  project = "shop"
  zone    = "europe-west1-b"
  service_account {
    email  = google_service_account.boss.email
    scopes = ["cloud-platform"]
  }
}
resource "google_service_account" "plain" {
  account_id = "plain"
  project    = "shop"
}
