terraform {
  required_version = "~> 1.10"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.80"
    }
  }

  backend "s3" {
    bucket       = "acme-state-prod"
    key          = "orders/terraform.tfstate"
    region       = "eu-west-1"
    encrypt      = true
    use_lockfile = true
  }
}

provider "aws" {
  region = "eu-west-1"
}

module "network" {
  source  = "terraform-aws-modules/vpc/aws"
  version = "5.16.0"
}

module "audit" {
  source = "git::https://git.internal/platform/audit.git?ref=v2.3.1"
}

resource "aws_dynamodb_table" "orders" {
  name                        = "orders"
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = "id"
  deletion_protection_enabled = true

  attribute {
    name = "id"
    type = "S"
  }

  lifecycle {
    prevent_destroy = true
    ignore_changes  = [read_capacity]
  }
}

variable "webhook_token" {
  description = "Given by the pipeline."
  type        = string
  sensitive   = true
}

output "table_name" {
  description = "Name of the table."
  value       = aws_dynamodb_table.orders.name
}
