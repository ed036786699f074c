variable "name" {
  type = string
}

resource "aws_s3_bucket_acl" "this" {
  bucket = var.name
  acl    = "public-read"
}
