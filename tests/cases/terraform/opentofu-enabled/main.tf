language {
  compatible_with {
    opentofu = ">= 1.12"
  }
}
variable "make" {
  type    = bool
  default = false
}
variable "told" {
  type = bool
}
resource "aws_s3_bucket" "on" {
  bucket = "on"
  lifecycle {
    enabled = !var.make
  }
}
resource "aws_s3_bucket" "off" {
  bucket = "off"
  lifecycle {
    enabled = var.make
  }
}
resource "aws_s3_bucket" "perhaps" {
  bucket = "perhaps"
  lifecycle {
    enabled = var.told
  }
}
resource "aws_s3_bucket_versioning" "v" {
  bucket = aws_s3_bucket.off != null ? aws_s3_bucket.off.id : "none"
}
module "off" {
  source = "./m"
  lifecycle {
    enabled = var.make
  }
}
module "on" {
  source = "./m"
  lifecycle {
    enabled = true
  }
}
output "on" {
  value = module.on.name
}
output "off" {
  value = try(module.off.name, "absent")
}
output "count" {
  value = aws_s3_bucket.off == null ? 0 : 1
}
