variable "status" {}
resource "aws_s3_bucket" "plain" {}
resource "aws_s3_bucket" "kept" {
  versioning { enabled = true }
}
resource "aws_s3_bucket" "open" {}
resource "aws_s3_bucket_versioning" "open" {
  bucket = aws_s3_bucket.open.id
  versioning_configuration { status = var.status }
}
