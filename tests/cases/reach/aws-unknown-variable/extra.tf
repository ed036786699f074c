variable "sources" {}
