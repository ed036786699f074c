data "aws_caller_identity" "current" {}

resource "aws_iam_user" "alice" {
  name = "alice"
  tags = { team = "red" }
}

resource "aws_iam_user_policy" "alice" {
  user = aws_iam_user.alice.name
  name = "own"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Action = "s3:*Object", Resource = "${aws_s3_bucket.data.arn}/home/$${aws:username}/*" },
      { Effect = "Allow", Action = "s3:ListBucket", Resource = aws_s3_bucket.data.arn },
      { Effect = "Allow", Action = "sqs:SendMessage", Resource = "*", Condition = { StringEquals = { "aws:PrincipalTag/team" = "red" } } },
      { Effect = "Allow", Action = "sns:Publish", Resource = "*", Condition = { Bool = { "aws:MultiFactorAuthPresent" = "true" } } },
      { Effect = "Allow", Action = "dynamodb:*", Resource = "*", Condition = { StringAlmostEquals = { "aws:username" = "alice" } } },
      { Effect = "Allow", Action = "ec2:RunInstances", Resource = "*" },
      { Effect = "Allow", Action = "kms:Decrypt", Resource = "*" },
    ]
  })
}

resource "aws_iam_user_policy" "guard" {
  user = aws_iam_user.alice.name
  name = "guard"
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Deny", Action = "s3:DeleteObject", Resource = "*" },
      { Effect = "Deny", Action = "*", Resource = "*", Condition = { Bool = { "aws:SecureTransport" = "false" } } },
      { Effect = "Deny", NotAction = "iam:*", Resource = "*", Condition = { StringNotEquals = { "aws:RequestedRegion" = ["eu-west-1"] } } },
    ]
  })
}

resource "aws_s3_bucket" "data" {
  bucket = "data"
}

resource "aws_s3_bucket" "shared" {
  bucket = "shared"
}

resource "aws_s3_bucket_policy" "shared" {
  bucket = aws_s3_bucket.shared.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      { Effect = "Allow", Principal = { AWS = aws_iam_user.alice.arn }, Action = "s3:GetObject", Resource = "${aws_s3_bucket.shared.arn}/*" },
      { Effect = "Allow", Principal = { AWS = "arn:aws:iam::${data.aws_caller_identity.current.account_id}:root" }, Action = "s3:PutObject", Resource = "${aws_s3_bucket.shared.arn}/*" },
    ]
  })
}

# A key that leaves it to the account, one that names who may, and one that names somebody else.
resource "aws_kms_key" "account" {}

resource "aws_kms_key" "ours" {
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { AWS = aws_iam_user.alice.arn }, Action = "kms:*", Resource = "*" }]
  })
}

resource "aws_kms_key" "theirs" {
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Principal = { AWS = "arn:aws:iam::111122223333:role/other" }, Action = "kms:*", Resource = "*" }]
  })
}

resource "aws_iam_role" "app" {
  name                 = "app"
  permissions_boundary = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
  assume_role_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = aws_iam_user.alice.arn } }]
  })
}

resource "aws_iam_role_policy_attachment" "app" {
  role       = aws_iam_role.app.name
  policy_arn = "arn:aws:iam::aws:policy/PowerUserAccess"
}
resource "aws_s3_bucket" "open" { bucket = "open" }
resource "aws_s3_bucket_policy" "open" {
  bucket = aws_s3_bucket.open.id
  policy = jsonencode({ Version = "2012-10-17", Statement = [
    { Effect = "Allow", Principal = "*", Action = "s3:GetObject", Resource = "${aws_s3_bucket.open.arn}/public/*" },
    { Effect = "Allow", Principal = { AWS = ["999999999999", "arn:aws:iam::888888888888:role/x"] }, Action = "s3:GetObject", Resource = "${aws_s3_bucket.open.arn}/*" },
    { Effect = "Allow", Principal = { Service = "cloudfront.amazonaws.com" }, Action = "s3:GetObject", Resource = "${aws_s3_bucket.open.arn}/*", Condition = { StringEquals = { "aws:SourceArn" = "arn:aws:cloudfront::1:distribution/x" } } },
    { Effect = "Deny", Principal = { AWS = "arn:aws:iam::888888888888:role/x" }, Action = "*", Resource = "*" },
  ] })
}
