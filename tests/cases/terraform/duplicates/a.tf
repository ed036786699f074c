terraform {
  required_providers {
    aws = {
      source = "hashicorp/aws"
    }
  }
  backend "s3" {
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
  l = 1
}
output "o" {
  value = 1
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
