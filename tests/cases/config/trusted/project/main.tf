resource "aws_sqs_queue" "right" { tags = { owner = "orders" } }
resource "aws_sqs_queue" "wrong" { tags = { owner = "payments" } }
