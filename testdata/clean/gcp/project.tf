# The organisation's guard rails, the project in its folder, its budget, its services, and who may what.

locals {
  enforced = [
    "iam.disableServiceAccountKeyCreation", "storage.publicAccessPrevention", "compute.disableSerialPortAccess",
    "compute.skipDefaultNetworkCreation",
  ]
}

resource "google_folder" "prod" {
  display_name        = "prod"
  parent              = "organizations/123456789012"
  deletion_protection = true
}

resource "google_org_policy_policy" "enforced" {
  for_each = toset(local.enforced)

  name   = "organizations/123456789012/policies/${each.value}"
  parent = "organizations/123456789012"

  spec {
    rules {
      enforce = "TRUE"
    }
  }
}

resource "google_org_policy_policy" "external_address" {
  name   = "organizations/123456789012/policies/compute.vmExternalIpAccess"
  parent = "organizations/123456789012"

  spec {
    rules {
      deny_all = "TRUE"
    }
  }
}

resource "google_org_policy_policy" "locations" {
  name   = "organizations/123456789012/policies/gcp.resourceLocations"
  parent = "organizations/123456789012"

  spec {
    rules {
      values {
        allowed_values = ["in:europe-locations"]
      }
    }
  }
}

resource "google_project" "shop" {
  name                = "shop prod"
  project_id          = "acme-shop-prod"
  folder_id           = google_folder.prod.name
  billing_account     = "0A1B2C-3D4E5F-678901"
  auto_create_network = false
}

resource "google_project_service" "enabled" {
  for_each = toset(local.services)

  project            = google_project.shop.project_id
  service            = each.value
  disable_on_destroy = false
}

resource "google_billing_budget" "shop" {
  billing_account = "0A1B2C-3D4E5F-678901"
  display_name    = "shop prod"

  budget_filter {
    projects = ["projects/${google_project.shop.number}"]
  }

  amount {
    specified_amount {
      currency_code = "EUR"
      units         = "5000"
    }
  }

  threshold_rules {
    threshold_percent = 0.8
  }

  threshold_rules {
    threshold_percent = 1.0
    spend_basis       = "FORECASTED_SPEND"
  }
}

resource "google_service_account" "app" {
  account_id   = "shop-app"
  display_name = "The shop's application"
}

resource "google_service_account" "nodes" {
  account_id   = "shop-nodes"
  display_name = "Nodes of the cluster"
}

resource "google_service_account" "deploy" {
  account_id   = "shop-deploy"
  display_name = "Deployments from GitHub"
}

resource "google_project_iam_member" "nodes" {
  project = google_project.shop.project_id
  role    = "roles/container.defaultNodeServiceAccount"
  member  = google_service_account.nodes.member
}

resource "google_project_iam_member" "support" {
  project = google_project.shop.project_id
  role    = "roles/logging.viewer"
  member  = "group:shop-support@acme.example"
}

resource "google_project_iam_audit_config" "all" {
  project = google_project.shop.project_id
  service = "allServices"

  audit_log_config {
    log_type = "ADMIN_READ"
  }

  audit_log_config {
    log_type = "DATA_READ"
  }

  audit_log_config {
    log_type = "DATA_WRITE"
  }
}

resource "google_iam_workload_identity_pool" "github" {
  workload_identity_pool_id = "github"
}

resource "google_iam_workload_identity_pool_provider" "github" {
  workload_identity_pool_id          = google_iam_workload_identity_pool.github.workload_identity_pool_id
  workload_identity_pool_provider_id = "acme-shop"
  attribute_condition                = "assertion.sub == 'repo:acme/shop:ref:refs/heads/main'"

  attribute_mapping = {
    "google.subject"       = "assertion.sub"
    "attribute.repository" = "assertion.repository"
  }

  oidc {
    issuer_uri = "https://token.actions.githubusercontent.com"
  }
}

resource "google_service_account_iam_member" "github" {
  service_account_id = google_service_account.deploy.name
  role               = "roles/iam.workloadIdentityUser"
  member             = "principalSet://iam.googleapis.com/${google_iam_workload_identity_pool.github.name}/attribute.repository/acme/shop"
}

# Storage and keys answer only from within the perimeter.
resource "google_access_context_manager_service_perimeter" "prod" {
  parent = "accessPolicies/987654321"
  name   = "accessPolicies/987654321/servicePerimeters/prod"
  title  = "prod"

  status {
    restricted_services = ["storage.googleapis.com", "cloudkms.googleapis.com", "sqladmin.googleapis.com"]
    resources           = ["projects/${google_project.shop.number}"]
    access_levels       = [google_access_context_manager_access_level.staff.name]
  }
}

resource "google_access_context_manager_access_level" "staff" {
  parent = "accessPolicies/987654321"
  name   = "accessPolicies/987654321/accessLevels/staff"
  title  = "staff"

  basic {
    conditions {
      ip_subnetworks = values(local.admin_networks)
    }
  }
}
