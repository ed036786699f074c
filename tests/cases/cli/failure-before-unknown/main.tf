variable "x" {}

resource "aws_sqs_queue" "q" {
  name                    = "q"
  delay_seconds           = 1
  sqs_managed_sse_enabled = var.x
}
