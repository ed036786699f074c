resource "acme_bucket" "a" {
  acl    = "public"
  region = "us"
}
resource "acme_bucket" "known_one" {
  acl    = "public"
  region = "eu"
}
resource "acme_bucket" "c" {
  acl    = "public"
  region = "ap"
}
