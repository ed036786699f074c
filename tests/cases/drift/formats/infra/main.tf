provider "aws" { region = "eu-west-1" }

resource "aws_db_instance" "orders" {
  identifier          = "orders"
  storage_encrypted   = true
  publicly_accessible = false
  tags                = { owner = "trade" }
}

resource "aws_db_instance" "gone" {
  identifier        = "gone"
  storage_encrypted = true
}

resource "aws_db_instance" "tagged" {
  identifier        = "tagged"
  storage_encrypted = true
  tags              = { owner = "trade" }
}
