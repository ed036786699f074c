resource "aws_ssoadmin_permission_set" "builders" {
  name         = "builders"
  instance_arn = "arn:aws:sso:::instance/ssoins-1"
}

resource "aws_ssoadmin_permission_set_inline_policy" "builders" {
  instance_arn       = aws_ssoadmin_permission_set.builders.instance_arn
  permission_set_arn = aws_ssoadmin_permission_set.builders.arn
  inline_policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "iam:CreateAccessKey", Resource = "arn:aws:iam::*:user/ops" }]
  })
}

resource "aws_ssoadmin_managed_policy_attachment" "builders" {
  instance_arn       = aws_ssoadmin_permission_set.builders.instance_arn
  permission_set_arn = aws_ssoadmin_permission_set.builders.arn
  managed_policy_arn = "arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"
}

resource "aws_iam_user" "ops" {
  name = "ops"
}

resource "aws_iam_user_policy_attachment" "ops" {
  user       = aws_iam_user.ops.name
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}
