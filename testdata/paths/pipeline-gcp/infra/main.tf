# The account that a pipeline of GitHub acts as may read the orders.
resource "google_iam_workload_identity_pool" "github" {
  project                   = "acme-shop"
  workload_identity_pool_id = "github"
}

resource "google_iam_workload_identity_pool_provider" "github" {
  project                            = "acme-shop"
  workload_identity_pool_id          = google_iam_workload_identity_pool.github.workload_identity_pool_id
  workload_identity_pool_provider_id = "github"
  attribute_condition                = "assertion.repository_owner == 'acme' && assertion.event_name in ['push', 'pull_request_target']"
  attribute_mapping = {
    "google.subject"       = "assertion.sub"
    "attribute.repository" = "assertion.repository"
  }
  oidc {
    issuer_uri = "https://token.actions.githubusercontent.com"
  }
}

resource "google_service_account" "preview" {
  project    = "acme-shop"
  account_id = "preview"
}

resource "google_service_account_iam_member" "github" {
  service_account_id = google_service_account.preview.name
  role               = "roles/iam.workloadIdentityUser"
  member             = "principalSet://iam.googleapis.com/projects/1234/locations/global/workloadIdentityPools/github/attribute.repository/acme/shop"
}

resource "google_storage_bucket" "orders" {
  project  = "acme-shop"
  name     = "acme-orders"
  location = "EUROPE-WEST6"
  labels   = { classification = "confidential" }
}

resource "google_storage_bucket_iam_member" "preview" {
  bucket = google_storage_bucket.orders.name
  role   = "roles/storage.objectViewer"
  member = "serviceAccount:${google_service_account.preview.email}"
}
