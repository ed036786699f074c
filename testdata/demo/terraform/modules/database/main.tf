variable "name" {
  type = string
}

variable "encrypted" {
  type = bool
}

variable "publicly_readable" {
  type    = bool
  default = false
}

variable "subnet_ids" {
  type = list(string)
}

variable "security_group_id" {
  type = string
}

resource "aws_db_subnet_group" "this" {
  name       = var.name
  subnet_ids = var.subnet_ids
}

resource "aws_db_instance" "this" {
  identifier                  = var.name
  engine                      = "postgres"
  engine_version              = "16.3"
  instance_class              = "db.t4g.medium"
  allocated_storage           = 50
  storage_encrypted           = var.encrypted
  publicly_accessible         = var.publicly_readable
  db_subnet_group_name        = aws_db_subnet_group.this.name
  vpc_security_group_ids      = [var.security_group_id]
  username                    = "orders"
  manage_master_user_password = true
  backup_retention_period     = 14
  deletion_protection         = true
  multi_az                    = true
}
