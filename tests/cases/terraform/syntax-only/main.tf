variable "a" {
  type = strin
}

resource "terraform_data" "x" {
  inpt = var.b
}
