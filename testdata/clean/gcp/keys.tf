# Keys and secrets.

resource "google_kms_key_ring" "shop" {
  name     = "shop"
  location = local.region
}

resource "google_kms_crypto_key" "data" {
  name            = "data"
  key_ring        = google_kms_key_ring.shop.id
  rotation_period = "7776000s"

  version_template {
    algorithm        = "GOOGLE_SYMMETRIC_ENCRYPTION"
    protection_level = "HSM"
  }

  lifecycle {
    prevent_destroy = true
  }
}

resource "google_kms_crypto_key" "signing" {
  name     = "signing"
  key_ring = google_kms_key_ring.shop.id
  purpose  = "ASYMMETRIC_SIGN"

  version_template {
    algorithm = "EC_SIGN_P256_SHA256"
  }

  lifecycle {
    prevent_destroy = true
  }
}

resource "google_kms_crypto_key_iam_member" "app" {
  crypto_key_id = google_kms_crypto_key.data.id
  role          = "roles/cloudkms.cryptoKeyEncrypterDecrypter"
  member        = google_service_account.app.member
}

resource "random_password" "database" {
  length = 32
}

resource "google_secret_manager_secret" "database" {
  secret_id = "database-password"

  rotation {
    rotation_period    = "7776000s"
    next_rotation_time = "2027-01-31T00:00:00Z"
  }

  topics {
    name = google_pubsub_topic.rotation.id
  }

  replication {
    user_managed {
      replicas {
        location = "europe-west3"

        customer_managed_encryption {
          kms_key_name = google_kms_crypto_key.data.id
        }
      }

      replicas {
        location = "europe-west4"

        customer_managed_encryption {
          kms_key_name = "projects/acme-shop-prod/locations/europe-west4/keyRings/shop/cryptoKeys/data"
        }
      }
    }
  }
}

resource "google_secret_manager_secret_version" "database" {
  secret      = google_secret_manager_secret.database.id
  secret_data = random_password.database.result
}

resource "google_secret_manager_secret_iam_member" "app" {
  secret_id = google_secret_manager_secret.database.secret_id
  role      = "roles/secretmanager.secretAccessor"
  member    = google_service_account.app.member
}

resource "google_pubsub_topic" "rotation" {
  name         = "secret-rotation"
  kms_key_name = google_kms_crypto_key.data.id
}
