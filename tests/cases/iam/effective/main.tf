resource "aws_iam_role" "ci" {
  name                 = "ci"
  permissions_boundary = aws_iam_policy.boundary.arn
  assume_role_policy   = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { Service = "codebuild.amazonaws.com" } }] })
}

resource "aws_iam_role_policy" "ci" {
  role = aws_iam_role.ci.name
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = ["sts:*", "sqs:*Message", "s3:GetObject"], Resource = "*" },
      { Effect = "Allow", Action = ["sns:Publish"], Resource = "arn:aws:sns:*:*:builds" },
      { Effect = "Deny", Action = "sqs:DeleteMessage", Resource = "*" },
    ]
  })
}

resource "aws_iam_policy" "boundary" {
  name   = "boundary"
  policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = ["sqs:*", "sns:*", "sts:Get*"], Resource = "*" }] })
}
