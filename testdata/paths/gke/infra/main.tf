# The pod that serves customers acts as an account that may read the orders.
resource "google_service_account" "web" {
  project    = "acme-shop"
  account_id = "web"
}

resource "google_service_account_iam_member" "web" {
  service_account_id = google_service_account.web.name
  role               = "roles/iam.workloadIdentityUser"
  member             = "serviceAccount:acme-shop.svc.id.goog[shop/web]"
}

resource "google_storage_bucket" "orders" {
  project  = "acme-shop"
  name     = "acme-orders"
  location = "EUROPE-WEST6"
  labels   = { classification = "confidential" }
}

resource "google_storage_bucket_iam_member" "web" {
  bucket = google_storage_bucket.orders.name
  role   = "roles/storage.objectViewer"
  member = "serviceAccount:${google_service_account.web.email}"
}
