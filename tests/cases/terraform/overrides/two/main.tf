variable "name" {}
output "who" {
  value = "two ${var.name}"
}
