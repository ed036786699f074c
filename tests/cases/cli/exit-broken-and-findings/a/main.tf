resource "acme_bucket" "broken" {
  acl = 
