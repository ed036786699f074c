variable "given" {}
locals {
  where = "./local"
}
module "pessimistic" {
  source  = "team/net/aws"
  version = "~> 1.2"
}
module "exact" {
  source  = "team/net/aws"
  version = "1.0.0"
}
module "range" {
  source  = "registry.example.com/team/net/aws"
  version = "> 1.0.0, <= 1.2.0, != 1.2.0"
}
module "below" {
  source  = "team/net/aws//sub"
  version = "< 3"
}
module "git" {
  source = "git::https://example.com/org/repo.git//part?ref=v1"
}
module "hub" {
  source = "github.com/org/repo"
}
module "named" {
  source  = "team/dns/google"
  version = ">= 1"
}
module "early" {
  source = local.where
}
module "unknown" {
  source = var.given
}
module "absent" {
  source  = "team/absent/aws"
  version = "1.0.0"
}
output "o" {
  value = {
    pessimistic = module.pessimistic.v
    exact       = module.exact.v
    range       = module.range.v
    below       = module.below.v
    git         = module.git.v
    hub         = module.hub.v
    named       = module.named.v
    early       = module.early.v
  }
}
module "newest" {
  source = "team/net/pre"
}
output "newest" {
  value = module.newest.v
}
