variable "a" { default = "default" }
variable "b" { default = "default" }
variable "c" { default = "default" }
variable "d" { default = "default" }
variable "e" { default = "default" }
variable "n" {
  type = list(number)
}
resource "terraform_data" "all" {
  input = { a = var.a, b = var.b, c = var.c, d = var.d, e = var.e, n = var.n }
}
