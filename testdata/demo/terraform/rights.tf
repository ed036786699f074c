data "aws_iam_policy_document" "assume_lambda" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "importer" {
  name               = "importer"
  assume_role_policy = data.aws_iam_policy_document.assume_lambda.json
}

# Good: one bucket, two actions.
resource "aws_iam_role_policy" "importer" {
  name = "read-invoices"
  role = aws_iam_role.importer.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect   = "Allow"
      Action   = ["s3:GetObject", "s3:ListBucket"]
      Resource = [aws_s3_bucket.invoices.arn, "${aws_s3_bucket.invoices.arn}/*"]
    }]
  })
}

# planted: whoever has this role can make itself administrator
resource "aws_iam_role" "deployer" {
  name               = "deployer"
  assume_role_policy = data.aws_iam_policy_document.assume_lambda.json
}

resource "aws_iam_role_policy" "deployer" {
  name = "deploy"
  role = aws_iam_role.deployer.id

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = ["iam:*"], Resource = "*" },
      { Effect = "Allow", Action = "*", Resource = "*" },
    ]
  })
}
