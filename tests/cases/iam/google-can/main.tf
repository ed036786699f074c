resource "google_folder" "eu" {
  display_name = "eu"
  parent       = "organizations/42"
}
resource "google_project" "shop" {
  name       = "shop"
  project_id = "shop"
  folder_id  = google_folder.eu.name
}
resource "google_storage_bucket" "logs" {
  name     = "shop-logs"
  project  = google_project.shop.project_id
  location = "EU"
}
resource "google_storage_bucket" "other" {
  name     = "shop-other"
  project  = "shop"
  location = "EU"
}
resource "google_service_account" "ci" {
  account_id = "ci"
  project    = "shop"
}

# Inheritance: of the folder, of the organization
resource "google_folder_iam_member" "ann" {
  folder = google_folder.eu.name
  role   = "roles/storage.objectViewer"
  member = "user:ann@example.com"
}
resource "google_organization_iam_binding" "audit" {
  org_id  = "42"
  role    = "roles/viewer"
  members = ["group:audit@example.com", "domain:example.org"]
}
# Of the bucket alone
resource "google_storage_bucket_iam_member" "ci" {
  bucket = google_storage_bucket.logs.name
  role   = "roles/storage.objectAdmin"
  member = google_service_account.ci.member
}
resource "google_storage_bucket_iam_member" "public" {
  bucket = "shop-other"
  role   = "roles/storage.objectViewer"
  member = "allUsers"
}
# Conditions
resource "google_project_iam_member" "bob" {
  project = "shop"
  role    = "roles/storage.objectUser"
  member  = "user:bob@example.com"
  condition {
    title      = "logs"
    expression = "resource.name.startsWith(\"projects/_/buckets/shop-logs\")"
  }
}
resource "google_project_iam_member" "eve" {
  project = "shop"
  role    = "roles/storage.objectUser"
  member  = "user:eve@example.com"
  condition {
    title      = "for a while"
    expression = "request.time < timestamp(\"2030-01-01T00:00:00Z\")"
  }
}
# A custom role
resource "google_project_iam_custom_role" "deployer" {
  project     = "shop"
  role_id     = "deployer"
  title       = "deployer"
  permissions = ["run.services.create", "run.services.update"]
}
resource "google_project_iam_member" "dan" {
  project = "shop"
  role    = google_project_iam_custom_role.deployer.id
  member  = "user:dan@example.com"
}
resource "google_project_iam_member" "dora" {
  project = "shop"
  role    = "projects/shop/roles/deployer"
  member  = "user:dora@example.com"
}
# A deny policy wins, but for those that it leaves out
resource "google_project_iam_binding" "admins" {
  project = "shop"
  role    = "roles/iam.serviceAccountAdmin"
  members = ["user:tom@example.com", "user:tina@example.com", "group:ops@example.com"]
}
resource "google_iam_deny_policy" "accounts" {
  parent = urlencode("cloudresourcemanager.googleapis.com/projects/shop")
  name   = "accounts"
  rules {
    deny_rule {
      denied_principals    = ["principalSet://goog/public:all"]
      exception_principals = ["principal://goog/subject/tina@example.com"]
      denied_permissions   = ["iam.googleapis.com/serviceAccounts.create", "iam.googleapis.com/serviceAccounts.delete"]
    }
  }
}
# A whole policy, as data
data "google_iam_policy" "topic" {
  binding {
    role    = "roles/pubsub.publisher"
    members = ["user:pat@example.com"]
  }
}
resource "google_pubsub_topic" "orders" {
  name    = "orders"
  project = "shop"
}
resource "google_pubsub_topic_iam_policy" "orders" {
  topic       = google_pubsub_topic.orders.name
  project     = "shop"
  policy_data = data.google_iam_policy.topic.policy_data
}
# … and a member beside it, which it takes away again
resource "google_pubsub_topic_iam_member" "lost" {
  topic   = google_pubsub_topic.orders.name
  project = "shop"
  role    = "roles/pubsub.publisher"
  member  = "user:lou@example.com"
}
