resource "aws_kms_key" "k" {
  description         = "shop" # the only one
  enable_key_rotation = true
}
