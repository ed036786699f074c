resource "aws_s3_bucket" "ownerless" {}
resource "aws_s3_bucket" "stranger" { tags = { Owner = "nobody" } }
module "tagged" {
  source = "../../module"
  tags   = { owner = "payments" }
}
