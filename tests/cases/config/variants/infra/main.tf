variable "encrypted" {
  type    = bool
  default = false
}
variable "zones" {
  type    = list(string)
  default = []
}
variable "name" {
  type    = string
  default = "d"
}
resource "aws_ebs_volume" "v" {
  availability_zone = "eu-west-1a"
  size              = length(var.zones)
  encrypted         = var.encrypted
  tags              = { Name = var.name }
}
