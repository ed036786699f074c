terraform {
  backend "s3" {
  }
  backend "gcs" {
  }
  cloud {
  }
  cloud {
  }
}
variable "fits" {
  type = list(number)
}
variable "never" {
  nullable = false
}
variable "text" {
  default = "x"
}
variable "none" {
}
locals {
  none = 1
}
output "none" {
  value = 1
}
output "o" {
  depends_on = [aws_s3_bucket.b]
}
module "none" {
  source = "./m"
}
module "m" {
  depends_on = [aws_s3_bucket.b]
}
provider "aws" {
  alias = "none"
}
resource "aws_s3_bucket" "none" {
}
data "aws_s3_bucket" "none" {
}
ephemeral "aws_secretsmanager_secret_version" "none" {
}
resource "aws_s3_bucket" "b" {
  depends_on = [module.m]
  lifecycle {
    precondition {
      condition     = true
      error_message = "x"
    }
  }
}
moved {
  from = aws_s3_bucket.x
  to   = aws_s3_bucket.y
}
removed {
  from = aws_s3_bucket.z
}
check "c" {
  assert {
    condition     = true
    error_message = "x"
  }
}
