resource "aws_security_group" "db" {
  ingress {
    protocol    = "tcp"
    from_port   = 5432
    to_port     = 5432
    cidr_blocks = ["0.0.0.0/0"]
  }
}

resource "aws_db_instance" "main" {
  engine                 = "postgres"
  publicly_accessible    = true
  vpc_security_group_ids = [aws_security_group.db.id]
}

resource "aws_db_instance" "private" {
  engine                 = "postgres"
  vpc_security_group_ids = [aws_security_group.db.id]
}

resource "aws_instance" "bare" {
  ami           = "ami-1"
  instance_type = "t3.micro"
}
