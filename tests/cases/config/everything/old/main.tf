resource "acme_bucket" "o" {
  acl    = "public"
  region = "eu"
}
