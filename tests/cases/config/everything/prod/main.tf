resource "acme_bucket" "p" {
  acl    = "public"
  region = "eu"
}
