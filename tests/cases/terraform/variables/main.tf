variable "quoted" {
  type = "string"
}
variable "quoted_list" {
  type = "list"
}
variable "quoted_other" {
  type = "thing"
}
variable "bare_list" {
  type    = list
  default = ["a"]
}
variable "bare_map" {
  type    = map
  default = { a = "b" }
}
variable "null_default" {
  nullable = false
  default  = null
}
variable "not_null" {
  type     = string
  nullable = false
}
variable "not_null_default" {
  type     = string
  nullable = false
  default  = "d"
}
variable "number" {
  type = number
}
variable "object" {
  type = object({ a = string, b = number })
}
variable "sensitive" {
  sensitive = "perhaps"
}
variable "checked" {
  default = 5
  validation {
    condition     = var.checked > 10
    error_message = "It is ${var.checked}."
  }
}
variable "count" {
}
output "o" {
  value = [var.not_null, var.not_null_default, var.number, var.object, var.bare_list[0], var.bare_map["a"]]
}
output "typed" {
  type  = number
  value = "x"
}
output "conditions" {
  value = 1
  precondition {
    condition     = var.checked == 5
    error_message = "x"
  }
  postcondition {
    condition     = var.checked == 5
    error_message = "x"
  }
}
