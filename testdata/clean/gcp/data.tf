# Where the data is: buckets, databases, caches, shares, messages.

resource "google_storage_bucket" "access_logs" {
  name                        = "acme-shop-access-logs"
  location                    = "EU"
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"

  encryption {
    default_kms_key_name = google_kms_crypto_key.data.id
  }

  versioning {
    enabled = true
  }

  lifecycle_rule {
    action {
      type = "Delete"
    }

    condition {
      age = 400
    }
  }

  lifecycle {
    prevent_destroy = true
  }
}

resource "google_storage_bucket" "code" {
  name                        = "acme-shop-code"
  location                    = "EU"
  uniform_bucket_level_access = true
  public_access_prevention    = "enforced"

  encryption {
    default_kms_key_name = google_kms_crypto_key.data.id
  }

  versioning {
    enabled = true
  }

  logging {
    log_bucket = google_storage_bucket.access_logs.name
  }

  lifecycle_rule {
    action {
      type = "Delete"
    }

    condition {
      num_newer_versions = 5
    }
  }

  lifecycle {
    prevent_destroy = true
  }
}

resource "google_storage_bucket_iam_member" "app" {
  bucket = google_storage_bucket.code.name
  role   = "roles/storage.objectViewer"
  member = google_service_account.app.member
}

resource "google_sql_database_instance" "orders" {
  name                = "orders"
  database_version    = "POSTGRES_18"
  region              = local.region
  encryption_key_name = google_kms_crypto_key.data.id
  deletion_protection = true

  settings {
    tier                        = "db-custom-2-7680"
    availability_type           = "REGIONAL"
    deletion_protection_enabled = true

    user_labels = {
      environment = "prod"
      team        = "shop"
    }

    ip_configuration {
      ipv4_enabled    = false
      private_network = google_compute_network.shop.id
      ssl_mode        = "TRUSTED_CLIENT_CERTIFICATE_REQUIRED"
    }

    backup_configuration {
      enabled                        = true
      point_in_time_recovery_enabled = true
      location                       = "eu"
    }

    dynamic "database_flags" {
      for_each = {
        "cloudsql.enable_pgaudit"  = "on"
        log_checkpoints            = "on"
        log_connections            = "on"
        log_disconnections         = "on"
        log_duration               = "on"
        log_hostname               = "on"
        log_lock_waits             = "on"
        log_min_duration_statement = "-1"
        log_min_error_statement    = "error"
        log_min_messages           = "warning"
        log_statement              = "ddl"
        log_temp_files             = "0"
        log_executor_stats         = "off"
        log_parser_stats           = "off"
        log_planner_stats          = "off"
        log_statement_stats        = "off"
      }

      content {
        name  = database_flags.key
        value = database_flags.value
      }
    }
  }
}

resource "google_sql_user" "app" {
  name     = "app"
  instance = google_sql_database_instance.orders.name
  password = random_password.database.result
}

resource "google_bigtable_instance" "events" {
  name                = "events"
  deletion_protection = true

  cluster {
    cluster_id   = "a"
    zone         = "europe-west3-a"
    num_nodes    = 1
    kms_key_name = google_kms_crypto_key.data.id
  }

  cluster {
    cluster_id   = "b"
    zone         = "europe-west3-b"
    num_nodes    = 1
    kms_key_name = google_kms_crypto_key.data.id
  }
}

resource "google_bigtable_table" "events" {
  name                = "events"
  instance_name       = google_bigtable_instance.events.name
  deletion_protection = "PROTECTED"

  automated_backup_policy {
    retention_period = "168h0m0s"
    frequency        = "24h0m0s"
  }
}

resource "google_redis_instance" "sessions" {
  name                    = "sessions"
  tier                    = "STANDARD_HA"
  memory_size_gb          = 5
  region                  = local.region
  auth_enabled            = true
  transit_encryption_mode = "SERVER_AUTHENTICATION"
  customer_managed_key    = google_kms_crypto_key.data.id
  authorized_network      = google_compute_network.shop.id

  persistence_config {
    persistence_mode    = "RDB"
    rdb_snapshot_period = "TWELVE_HOURS"
  }
}

resource "google_redis_cluster" "catalogue" {
  name                    = "catalogue"
  shard_count             = 3
  replica_count           = 1
  region                  = local.region
  authorization_mode      = "AUTH_MODE_IAM_AUTH"
  transit_encryption_mode = "TRANSIT_ENCRYPTION_MODE_SERVER_AUTHENTICATION"
  kms_key                 = google_kms_crypto_key.data.id

  psc_configs {
    network = google_compute_network.shop.id
  }
}

resource "google_filestore_instance" "media" {
  name         = "media"
  location     = local.region
  tier         = "ENTERPRISE"
  kms_key_name = google_kms_crypto_key.data.id

  file_shares {
    name        = "media"
    capacity_gb = 1024

    nfs_export_options {
      ip_ranges   = ["10.20.0.0/16"]
      access_mode = "READ_WRITE"
      squash_mode = "ROOT_SQUASH"
      anon_uid    = 1000
      anon_gid    = 1000
    }
  }

  networks {
    network = google_compute_network.shop.name
    modes   = ["MODE_IPV4"]
  }
}

resource "google_filestore_backup" "media" {
  name              = "media"
  location          = "europe-west4"
  source_instance   = google_filestore_instance.media.id
  source_file_share = "media"
}

resource "google_pubsub_topic" "orders" {
  name         = "orders"
  kms_key_name = google_kms_crypto_key.data.id

  message_storage_policy {
    allowed_persistence_regions = ["europe-west3", "europe-west4"]
  }
}

resource "google_pubsub_topic_iam_member" "orders" {
  topic  = google_pubsub_topic.orders.name
  role   = "roles/pubsub.publisher"
  member = google_service_account.app.member
}
