resource "aws_s3_bucket" "inner" {
  bucket = "inner"
}
output "name" {
  value = aws_s3_bucket.inner.bucket
}
