resource "aws_security_group" "g" {
  provider = aws.far
  dynamic "ingress" {
    for_each = [443]
    content {
      from_port = ingress.value
      to_port   = ingress.value
      protocol  = "tcp"
    }
  }
  lifecycle {
    prevent_destroy       = true
    create_before_destroy = true
    ignore_changes        = all
  }
  provisioner "local-exec" {
    command = "true"
  }
  connection {
    host = "h"
  }
}
resource "aws_s3_bucket" "b" {
  count = 2
  tags  = { a = "second" }
}
