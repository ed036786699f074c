provider "null" {
  alias = "foo"
}
provider "aws" {
  alias    = "by"
  for_each = toset(["a"])
}
resource "null_resource" "a" {
  provider = null.foo
}
resource "null_resource" "b" {
  provider = "null.foo"
}
resource "aws_s3_bucket" "c" {
  for_each = toset(["a"])
  provider = aws.by[each.key]
}
resource "null_resource" "d" {
  for_each = toset(["a"])
  provider = null.foo[each.key]
}
resource "aws_s3_bucket" "e" {
  provider = aws.by["a"]
}
resource "aws_s3_bucket" "f" {
  provider = aws["a"]
}
resource "aws_s3_bucket" "g" {
  provider = aws.by.a.b
}
resource "aws_s3_bucket" "h" {
  provider = "${var.x}"
}
resource "aws_s3_bucket" "i" {
  provider = "not a name"
}
