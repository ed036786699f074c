variable "region" {
  type    = string
  default = "eu-central-1"
}

variable "encrypt_storage" {
  description = "Encrypt the disks of databases."
  type        = bool
  default     = true
}

variable "office_cidr" {
  description = "Where administrators come from. No default: it is unknown without a tfvars file."
  type        = string
}

variable "log_bucket_acl" {
  type    = string
  default = "private"
}
