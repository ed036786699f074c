variable "tags" { default = {} }
resource "aws_sqs_queue" "q" { tags = var.tags }
