variable "acl" {
  default = "private"
}

variable "later" {}

resource "acme_bucket" "fire" {
  acl = var.acl
}

# assay:ignore T-001 until=2099-01-31 owner=platform reason="the public web site"
resource "acme_bucket" "accepted" {
  acl = "public"
}

resource "acme_bucket" "unknown" {
  acl = var.later
}

resource "acme_bucket" "dont_fire" {
  acl = "private"
}

resource "acme_bucket" "hostile" {
  acl      = "</script><script>alert(1)</script>|=1+1"
  password = "correct-horse-battery"
}
