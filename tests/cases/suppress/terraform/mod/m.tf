resource "acme_bucket" "m" {}
