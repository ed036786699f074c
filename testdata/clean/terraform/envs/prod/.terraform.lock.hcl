provider "registry.terraform.io/hashicorp/aws" {
  version     = "5.80.0"
  constraints = "~> 5.80"
  hashes = [
    "h1:q0Y4nGbqoYq1Q4F7u3JkS1J6mY2c9mXn0bC1bq6a7Zs=",
  ]
}
