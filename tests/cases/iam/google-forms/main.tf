resource "google_project" "shop" {
  name       = "shop"
  project_id = "shop"
}
resource "google_project_iam_member" "ann" {
  project = google_project.shop.project_id
  role    = "roles/pubsub.viewer"
  member  = "user:ann@example.com"
}
resource "google_project_iam_member" "later" {
  project = google_project.shop.project_id
  role    = "roles/pubsub.publisher"
  member  = "user:ann@example.com"
  condition {
    title      = "until"
    expression = "request.time < timestamp(\"2030-01-01T00:00:00Z\")"
  }
}
variable "role" {}
resource "google_project_iam_member" "open" {
  project = google_project.shop.project_id
  role    = var.role
  member  = "user:bob@example.com"
}
