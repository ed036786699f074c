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

  default_tags {
    tags = { owner = "orders", environment = "prod" }
  }
}

module "network" {
  source  = "terraform-aws-modules/vpc/aws"
  version = "5.16.0"
}

module "audit" {
  source = "git::https://git.internal/platform/audit.git?ref=v2.3.1"
}

resource "aws_kms_key" "orders" {
  description         = "Data of the orders."
  enable_key_rotation = true
  policy              = data.aws_iam_policy_document.key.json

  lifecycle {
    prevent_destroy = true
  }
}

data "aws_caller_identity" "this" {}

data "aws_iam_policy_document" "key" {
  statement {
    actions   = ["kms:*"]
    resources = ["*"]

    principals {
      type        = "AWS"
      identifiers = ["arn:aws:iam::${data.aws_caller_identity.this.account_id}:root"]
    }
  }
}

resource "aws_dynamodb_table" "orders" {
  name                        = "orders"
  billing_mode                = "PAY_PER_REQUEST"
  hash_key                    = "id"
  deletion_protection_enabled = true

  point_in_time_recovery {
    enabled = true
  }

  server_side_encryption {
    enabled     = true
    kms_key_arn = aws_kms_key.orders.arn
  }

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
