resource "acme_bucket" "fire" {
  acl = "public"
}
resource "acme_bucket" "dont_fire" {
  acl = "private"
}
