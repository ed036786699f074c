#tfsec:ignore:aws-s3-enable-versioning
resource "aws_s3_bucket" "ignored" {
  bucket = "a"
}

resource "aws_s3_bucket" "fire" {
  bucket = "b"
}
