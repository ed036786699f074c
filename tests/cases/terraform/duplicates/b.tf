terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
  backend "gcs" {
  }
  cloud {
  }
}
provider "aws" {
}
provider "aws" {
  alias = "far"
}
variable "v" {}
locals {
  l = 2
}
output "o" {
  value = 2
}
module "m" {
  source = "./m"
}
resource "aws_s3_bucket" "b" {}
data "aws_s3_bucket" "b" {}
check "c" {
  assert {
    condition     = var.v == 1
    error_message = "x"
  }
}
