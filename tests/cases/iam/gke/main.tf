resource "google_container_cluster" "c" {
  name     = "c"
  project  = "shop"
  location = "europe-west1"
  workload_identity_config {
    workload_pool = "shop.svc.id.goog"
  }
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
resource "google_service_account_iam_member" "boss" {
  service_account_id = google_service_account.boss.name
  role               = "roles/iam.workloadIdentityUser"
  member             = "serviceAccount:shop.svc.id.goog[ops/boss]"
}
resource "kubernetes_service_account" "boss" {
  metadata {
    name        = "boss"
    namespace   = "ops"
    annotations = { "iam.gke.io/gcp-service-account" = google_service_account.boss.email }
  }
}
# Permissions on GKE are rights in the cluster.
resource "google_project_iam_member" "dev" {
  project = "shop"
  role    = "roles/container.developer"
  member  = "user:dev@example.com"
}
resource "google_project_iam_member" "viewer" {
  project = "shop"
  role    = "roles/container.viewer"
  member  = "user:viewer@example.com"
}
resource "google_project_iam_member" "admin" {
  project = "shop"
  role    = "roles/container.admin"
  member  = "user:admin@example.com"
}
# … and its users are those of Google.
resource "kubernetes_role_binding" "jane" {
  metadata {
    name      = "jane"
    namespace = "ops"
  }
  role_ref {
    api_group = "rbac.authorization.k8s.io"
    kind      = "ClusterRole"
    name      = "edit"
  }
  subject {
    kind = "User"
    name = "jane@example.com"
  }
}
resource "google_project_iam_member" "jane" {
  project = "shop"
  role    = "roles/container.clusterViewer"
  member  = "user:jane@example.com"
}
