variable "shared" {
  default = true
}

# Another resource has the same variable: the default must not change.
resource "aws_db_instance" "db" {
  identifier          = "db"
  publicly_accessible = var.shared
}

resource "aws_instance" "web" {
  ami                         = "ami-1"
  associate_public_ip_address = var.shared
}

# A dynamic block makes it.
resource "google_container_cluster" "c" {
  name = "c"
  dynamic "network_policy" {
    for_each = []
    content {
      enabled = true
    }
  }
}

# Its value is computed.
resource "google_storage_bucket" "b" {
  name                        = "b"
  location                    = "EU"
  uniform_bucket_level_access = !true
}
