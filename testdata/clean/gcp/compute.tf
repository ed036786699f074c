# A machine for administrators, the cluster, functions, images.

resource "google_compute_project_metadata" "shop" {
  metadata = {
    enable-oslogin = "TRUE"
  }
}

resource "google_compute_resource_policy" "daily" {
  name   = "daily"
  region = local.region

  snapshot_schedule_policy {
    schedule {
      daily_schedule {
        days_in_cycle = 1
        start_time    = "03:00"
      }
    }

    retention_policy {
      max_retention_days = 30
    }

    snapshot_properties {
      storage_locations = ["eu"]
    }
  }
}

resource "google_compute_disk" "admin" {
  name              = "admin"
  zone              = "europe-west3-a"
  size              = 20
  image             = "projects/debian-cloud/global/images/family/debian-12"
  resource_policies = [google_compute_resource_policy.daily.id]

  disk_encryption_key {
    kms_key_self_link = google_kms_crypto_key.data.id
  }
}

resource "google_compute_instance" "admin" {
  name                = "admin"
  machine_type        = "e2-small"
  zone                = "europe-west3-a"
  tags                = ["admin"]
  deletion_protection = true

  boot_disk {
    source            = google_compute_disk.admin.id
    kms_key_self_link = google_kms_crypto_key.data.id
  }

  network_interface {
    subnetwork = google_compute_subnetwork.nodes.id
  }

  service_account {
    email  = google_service_account.app.email
    scopes = ["cloud-platform"]
  }

  shielded_instance_config {
    enable_secure_boot          = true
    enable_vtpm                 = true
    enable_integrity_monitoring = true
  }

  metadata = {
    enable-oslogin         = "TRUE"
    block-project-ssh-keys = "true"
  }
}

resource "google_container_cluster" "shop" {
  name                        = "shop"
  location                    = local.region
  network                     = google_compute_network.shop.id
  subnetwork                  = google_compute_subnetwork.nodes.id
  remove_default_node_pool    = true
  initial_node_count          = 1
  datapath_provider           = "ADVANCED_DATAPATH"
  enable_intranode_visibility = true
  deletion_protection         = true

  resource_labels = {
    tier = "cluster"
  }

  private_cluster_config {
    enable_private_nodes    = true
    enable_private_endpoint = false
    master_ipv4_cidr_block  = "172.16.0.0/28"
  }

  master_authorized_networks_config {
    dynamic "cidr_blocks" {
      for_each = local.admin_networks

      content {
        cidr_block   = cidr_blocks.value
        display_name = cidr_blocks.key
      }
    }
  }

  ip_allocation_policy {
    cluster_secondary_range_name  = "pods"
    services_secondary_range_name = "services"
  }

  workload_identity_config {
    workload_pool = "acme-shop-prod.svc.id.goog"
  }

  master_auth {
    client_certificate_config {
      issue_client_certificate = false
    }
  }

  authenticator_groups_config {
    security_group = "gke-security-groups@acme.example"
  }

  binary_authorization {
    evaluation_mode = "PROJECT_SINGLETON_POLICY_ENFORCE"
  }

  database_encryption {
    state    = "ENCRYPTED"
    key_name = google_kms_crypto_key.data.id
  }

  release_channel {
    channel = "REGULAR"
  }

  logging_config {
    enable_components = ["SYSTEM_COMPONENTS", "WORKLOADS", "APISERVER"]
  }

  monitoring_config {
    enable_components = ["SYSTEM_COMPONENTS", "APISERVER"]
  }
}

resource "google_container_node_pool" "general" {
  name     = "general"
  location = local.region
  cluster  = google_container_cluster.shop.id

  autoscaling {
    min_node_count = 1
    max_node_count = 5
  }

  management {
    auto_repair  = true
    auto_upgrade = true
  }

  node_config {
    machine_type      = "n2d-standard-4"
    image_type        = "COS_CONTAINERD"
    service_account   = google_service_account.nodes.email
    boot_disk_kms_key = google_kms_crypto_key.data.id
    oauth_scopes      = ["https://www.googleapis.com/auth/cloud-platform"]

    workload_metadata_config {
      mode = "GKE_METADATA"
    }

    shielded_instance_config {
      enable_secure_boot          = true
      enable_integrity_monitoring = true
    }

    metadata = {
      disable-legacy-endpoints = "true"
    }
  }
}

resource "google_gke_backup_backup_plan" "shop" {
  name     = "shop"
  location = local.region
  cluster  = google_container_cluster.shop.id

  retention_policy {
    backup_delete_lock_days = 7
    backup_retain_days      = 30
  }

  backup_schedule {
    cron_schedule = "0 3 * * *"
  }

  backup_config {
    all_namespaces      = true
    include_volume_data = true
    include_secrets     = true

    encryption_key {
      gcp_kms_encryption_key = google_kms_crypto_key.data.id
    }
  }
}

resource "google_binary_authorization_policy" "shop" {
  global_policy_evaluation_mode = "ENABLE"

  default_admission_rule {
    evaluation_mode         = "REQUIRE_ATTESTATION"
    enforcement_mode        = "ENFORCED_BLOCK_AND_AUDIT_LOG"
    require_attestations_by = ["projects/acme-shop-prod/attestors/build"]
  }
}

resource "google_artifact_registry_repository" "images" {
  repository_id = "images"
  location      = local.region
  format        = "DOCKER"
  kms_key_name  = google_kms_crypto_key.data.id

  docker_config {
    immutable_tags = true
  }
}

resource "google_artifact_registry_repository_iam_member" "nodes" {
  repository = google_artifact_registry_repository.images.name
  location   = local.region
  role       = "roles/artifactregistry.reader"
  member     = google_service_account.nodes.member
}

resource "google_cloudfunctions2_function" "orders" {
  name     = "orders"
  location = local.region

  build_config {
    runtime     = "nodejs22"
    entry_point = "orders"

    source {
      storage_source {
        bucket = google_storage_bucket.code.name
        object = "orders.zip"
      }
    }
  }

  service_config {
    available_memory      = "256M"
    ingress_settings      = "ALLOW_INTERNAL_AND_GCLB"
    service_account_email = google_service_account.app.email

    environment_variables = {
      LOG_LEVEL = "info"
    }

    secret_environment_variables {
      key        = "DATABASE_PASSWORD"
      project_id = google_project.shop.project_id
      secret     = google_secret_manager_secret.database.secret_id
      version    = "latest"
    }
  }
}

resource "google_cloudfunctions2_function_iam_member" "orders" {
  cloud_function = google_cloudfunctions2_function.orders.name
  location       = local.region
  role           = "roles/cloudfunctions.invoker"
  member         = google_service_account.app.member
}
