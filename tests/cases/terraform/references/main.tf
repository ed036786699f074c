locals {
  a = each.key
  b = count.index
  c = self.id
  d = path.elsewhere
  e = terraform.env
  f = terraform.version
  g = lazy.thing
  h = data.x
  i = var
  j = aws_s3_bucket.one["k"].id
  k = aws_s3_bucket.many.id
  l = module["m"].x
  m = data["x"].y.z
  n = template.x
  o = module.m.nothing
  p = module.nothing.x
  q = local.nothing
  r = var.nothing
  s = aws_s3_bucket.nothing.id
  t = aws_s3_bucket.one.colour
  u = data.aws_s3_bucket.scoped.arn
}
resource "aws_s3_bucket" "one" {
}
resource "aws_s3_bucket" "many" {
  count  = 2
  bucket = "b-${count.name}"
}
resource "aws_s3_bucket" "each" {
  for_each = { a = 1 }
  bucket   = each.number
  provider = aws.nowhere
}
module "m" {
  source = "./m"
}
check "c" {
  data "aws_s3_bucket" "scoped" {
    bucket = "b"
  }
  assert {
    condition     = data.aws_s3_bucket.scoped.arn != ""
    error_message = "x"
  }
}
