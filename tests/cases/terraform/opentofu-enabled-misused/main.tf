resource "aws_s3_bucket" "a" {
  count = 2
  lifecycle {
    enabled = true
  }
}
data "aws_caller_identity" "b" {
  for_each = toset(["a"])
  lifecycle {
    enabled = true
  }
}
resource "aws_s3_bucket" "c" {
  lifecycle {
    enabled = null
  }
}
module "d" {
  source = "./d"
  count  = 1
  lifecycle {
    enabled = true
    destroy = true
  }
}
