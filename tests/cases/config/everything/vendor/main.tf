resource "acme_bucket" "v" {
  acl    = "public"
  region = "eu"
}
