resource "acme_bucket" "dont_fire" {
  acl = "private"
}
