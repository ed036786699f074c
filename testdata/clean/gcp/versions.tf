terraform {
  required_version = ">= 1.9.0"

  required_providers {
    google = {
      source  = "hashicorp/google"
      version = "~> 6.50"
    }
    random = {
      source  = "hashicorp/random"
      version = "~> 3.5"
    }
  }

  backend "gcs" {
    bucket             = "acme-terraform-state"
    prefix             = "shop/prod"
    kms_encryption_key = "projects/acme-state/locations/eu/keyRings/state/cryptoKeys/state"
  }
}

provider "google" {
  project = "acme-shop-prod"
  region  = local.region

  default_labels = {
    environment         = "prod"
    team                = "shop"
    cost-centre         = "cc-4711"
    data-classification = "confidential"
    owner               = "shop-team"
  }
}
