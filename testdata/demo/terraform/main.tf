terraform {
  required_version = ">= 1.5"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.60"
    }
  }
}

provider "aws" {
  region = var.region

  default_tags {
    tags = {
      owner       = "shop"
      cost-centre = "4711"
    }
  }
}

module "database" {
  source = "./modules/database"

  name              = "orders"
  encrypted         = var.encrypt_storage
  publicly_readable = false
  subnet_ids        = [for s in aws_subnet.private : s.id]
  security_group_id = aws_security_group.database.id
}
