resource "aws_s3_bucket" "site" {
  tags = { "acme:level" = "open-data" }
}
resource "aws_s3_bucket" "cards" {
  tags = { DataClass = "PCI" }
}
resource "aws_s3_bucket" "plain" {}
