variable "acl" {}

resource "acme_bucket" "unsure" {
  acl = var.acl
}
