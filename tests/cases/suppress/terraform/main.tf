variable "acl" { default = "public" }
variable "acl2" {
  # assay:ignore T-001 reason="by its origin"
  default = "public"
}

resource "acme_bucket" "plain" {
  acl = "public"
}

# assay:ignore T-001 until=2099-01-31 reason="above the block"
resource "acme_bucket" "above" {
  acl = "public"
}

resource "acme_bucket" "line" {
  acl = "public" # assay:ignore T-001 reason="on the line"
}

resource "acme_bucket" "over" {
  // assay:ignore T-001 reason="above the line"
  acl = "public"
}

resource "acme_bucket" "head" { # assay:ignore T-001 reason="on the head"
}

resource "acme_bucket" "checkov" {
  tags = {}
  #checkov:skip=CKV_T_1:public on purpose
}

resource "acme_bucket" "tfsec" { #tfsec:ignore:T-0001:exp:2099-01-01
}

#trivy:ignore:AVD-T-0001
resource "acme_bucket" "trivy" {}

resource "acme_bucket" "kics" {
  # kics-scan ignore-line
  acl = "public"
}

resource "acme_bucket" "heredoc" {
  doc = <<-EOT
    # assay:ignore T-001
  EOT
  acl = "public"
}

resource "acme_bucket" "origin" { acl = var.acl2 }
resource "acme_bucket" "other_origin" { acl = var.acl }

/* assay:ignore T-001 until=2020-01-31 reason="over" */
resource "acme_bucket" "expired" {}

# assay:ignore T-001
resource "acme_bucket" "fine" { acl = "private" }

# assay:ignore T-001 reason="in this call"
module "a" { source = "./mod" }
module "b" { source = "./mod" }

# assay:ignore T-001 address=acme_bucket.each["x"]
resource "acme_bucket" "each" { 
  for_each = toset(["x", "y"])
}
