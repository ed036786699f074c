terraform {
  required_version = "seven"
  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 5.0, != 5.1.0, >= 5.0.0-beta1+x, < 6"
    }
    null   = "~> 3.0"
    wrong  = 5
    bad    = { source = 7 }
    badver = { source = "a/b", version = "new" }
    extra  = { source = "a/b", region = "x" }
    UPPER  = { source = "a/b" }
    "un_der" = { source = "a/b" }
    aliased = { source = "a/c", configuration_aliases = [aliased.x, "aliased.y", 5] }
    four = { source = "a/b/c/d" }
  }
  required_providers {
  }
  experiments = [module_variable_optional_attrs]
  backend "s3" {
    bucket = var.b
  }
  provider_meta "aws" {
    x = 1
  }
  provider_meta "aws" {
    x = 2
  }
  unknown = 1
}
required_providers {
}
provider "aws" {
  version    = "~> 5.0"
  alias      = "-"
  count      = 2
  depends_on = []
  source     = "x"
  lifecycle {
  }
  locals {
  }
}
provider "google" {
  alias = local.x
}
provider "a b" {
}
variable "b" {}
locals {
  x = "y"
}
