# The account that a pipeline of GitLab acts as may read the orders.
resource "google_iam_workload_identity_pool" "gitlab" {
  project                   = "acme-shop"
  workload_identity_pool_id = "gitlab"
}

resource "google_iam_workload_identity_pool_provider" "gitlab" {
  project                            = "acme-shop"
  workload_identity_pool_id          = google_iam_workload_identity_pool.gitlab.workload_identity_pool_id
  workload_identity_pool_provider_id = "gitlab"
  attribute_condition                = "assertion.namespace_path == 'acme' && assertion.ref == 'main'"
  attribute_mapping = {
    "google.subject"         = "assertion.sub"
    "attribute.project_path" = "assertion.project_path"
  }
  oidc {
    issuer_uri        = "https://gitlab.com"
    allowed_audiences = ["https://gitlab.com"]
  }
}

resource "google_service_account" "deploy" {
  project    = "acme-shop"
  account_id = "deploy"
}

resource "google_service_account_iam_member" "gitlab" {
  service_account_id = google_service_account.deploy.name
  role               = "roles/iam.workloadIdentityUser"
  member             = "principalSet://iam.googleapis.com/projects/1234/locations/global/workloadIdentityPools/gitlab/attribute.project_path/acme/shop"
}

resource "google_storage_bucket" "orders" {
  project  = "acme-shop"
  name     = "acme-orders"
  location = "EUROPE-WEST6"
  labels   = { classification = "confidential" }
}

resource "google_storage_bucket_iam_member" "deploy" {
  bucket = google_storage_bucket.orders.name
  role   = "roles/storage.objectViewer"
  member = "serviceAccount:${google_service_account.deploy.email}"
}
