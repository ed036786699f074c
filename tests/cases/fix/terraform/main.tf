# The logs of the shop.
resource "aws_s3_bucket" "logs" {
  for_each = toset(["eu", "us"])
  bucket   = "shop-logs-${each.key}" # keep
}

variable "public" {
  type    = bool
  default = true # for the demo
}

resource "aws_db_instance" "db" {
  identifier          = "db"
  publicly_accessible = var.public

  lifecycle {
    prevent_destroy = true
  }
}

resource "google_container_cluster" "c" {
  name = "c"
  network_policy { enabled = false }
}

resource "google_compute_instance" "vm" {
  name     = "vm"
  metadata = { serial-port-enable = "TRUE" }
}
