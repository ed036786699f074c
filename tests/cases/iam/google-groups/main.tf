resource "google_cloud_identity_group" "ops" {
  parent = "customers/C1"
  group_key {
    id = "ops@example.com"
  }
  labels = { "cloudidentity.googleapis.com/groups.discussion_forum" = "" }
}

resource "google_cloud_identity_group" "oncall" {
  parent = "customers/C1"
  group_key {
    id = "oncall@example.com"
  }
  labels = { "cloudidentity.googleapis.com/groups.discussion_forum" = "" }
}

resource "google_cloud_identity_group_membership" "oncall_in_ops" {
  group = google_cloud_identity_group.ops.id
  preferred_member_key {
    id = "oncall@example.com"
  }
  roles {
    name = "MEMBER"
  }
}

resource "google_cloud_identity_group_membership" "ops_in_oncall" {
  group = google_cloud_identity_group.oncall.id
  preferred_member_key {
    id = "ops@example.com"
  }
  roles {
    name = "MEMBER"
  }
}

resource "google_cloud_identity_group_membership" "ann" {
  group = google_cloud_identity_group.oncall.id
  preferred_member_key {
    id = "ann@example.com"
  }
  roles {
    name = "MEMBER"
  }
}

resource "google_project_iam_member" "ops" {
  project = "shop"
  role    = "roles/owner"
  member  = "group:ops@example.com"
}

resource "google_project_iam_member" "partners" {
  project = "shop"
  role    = "roles/storage.objectViewer"
  member  = "group:partners@example.com"
}

resource "google_project_iam_member" "bob" {
  project = "shop"
  role    = "roles/viewer"
  member  = "user:bob@example.com"
}
