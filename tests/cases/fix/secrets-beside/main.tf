resource "aws_db_instance" "fire" {
  identifier          = "orders"
  engine              = "postgres"
  instance_class      = "db.t3.micro"
  allocated_storage   = 20
  username            = "app"
  password            = "Kestrel-BmoEeE42x"
  storage_encrypted   = false
  publicly_accessible = false
}
