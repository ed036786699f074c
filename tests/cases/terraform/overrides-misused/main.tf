variable "fits" {
  type    = list(string)
  default = ["a"]
}
variable "never" {
  nullable = true
  default  = null
}
variable "text" {
  type = number
  default = 1
}
output "o" {
  value = 1
}
resource "aws_s3_bucket" "b" {
}
module "m" {
  source = "./m"
}
