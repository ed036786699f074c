resource "aws_iam_user" "ann" {
  name = "ann"
}
resource "aws_iam_user_policy" "ann" {
  name = "reads"
  user = aws_iam_user.ann.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Sid = "Read", Effect = "Allow", Action = ["sqs:ReceiveMessage", "sqs:ListQueues"], Resource = "*" },
      { Sid = "Never", Effect = "Deny", Action = "sqs:DeleteQueue", Resource = "*" },
    ]
  })
}
variable "policy" {}
resource "aws_iam_user" "bob" {
  name = "bob"
}
resource "aws_iam_user_policy" "bob" {
  user   = aws_iam_user.bob.name
  policy = var.policy
}
