variable "db_password" {
  type      = string
  sensitive = true
}

variable "app_password" {
  sensitive = true
  default   = "Sup3rS3cretPassw0rd" # assay:ignore TF-006 reason="a default for trials"
}
