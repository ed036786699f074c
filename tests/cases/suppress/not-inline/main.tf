resource "acme_bucket" "fire" {
  acl = "public" # assay:ignore T-001
}
