resource "acme_bucket" "fire" {
  acl = "public"
}
