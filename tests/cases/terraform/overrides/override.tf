terraform {
  required_version = ">= 1.1"
  backend "local" {
  }
}
provider "aws" {
  region = "eu-central-1"
}
provider "google" {
  project = "p"
}
variable "size" {
  type = number
}
variable "secret" {
  description = "d"
  sensitive   = true
  nullable    = false
  ephemeral   = false
}
locals {
  name = "second"
}
output "name" {
  description = "second"
}
output "secret" {
  sensitive = true
}
module "child" {
  source   = "./two"
  for_each = toset(["a"])
  name     = "second"
}
