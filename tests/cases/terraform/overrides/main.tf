terraform {
  required_version = ">= 1.0"
  backend "s3" {
    bucket = "first"
  }
}
provider "aws" {
  region = "eu-west-1"
}
provider "aws" {
  alias  = "far"
  region = "us-east-1"
}
variable "size" {
  type    = string
  default = "5"
}
variable "secret" {
  default = "open"
}
locals {
  name = "first"
}
output "name" {
  value       = local.name
  description = "first"
}
output "secret" {
  value = var.secret
}
output "child" {
  value = module.child["a"].who
}
output "size" {
  value = var.size + 1
}
module "child" {
  source = "./one"
  name   = "first"
}
resource "aws_security_group" "g" {
  name = "first"
  ingress {
    from_port = 22
    to_port   = 22
    protocol  = "tcp"
  }
  ingress {
    from_port = 80
    to_port   = 80
    protocol  = "tcp"
  }
  egress {
    from_port = 1
    to_port   = 1
    protocol  = "tcp"
  }
  lifecycle {
    ignore_changes = [name]
  }
}
resource "aws_s3_bucket" "b" {
  bucket = "first"
  tags   = { a = "first", b = "first" }
}
