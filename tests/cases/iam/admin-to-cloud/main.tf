resource "aws_iam_role" "exporter" {
  name = "exporter"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRoleWithWebIdentity"
      Principal = { Federated = "arn:aws:iam::123456789012:oidc-provider/oidc.eks.eu-west-1.amazonaws.com/id/A1" }
      Condition = { StringEquals = {
        "oidc.eks.eu-west-1.amazonaws.com/id/A1:sub" = "system:serviceaccount:data:exporter"
        "oidc.eks.eu-west-1.amazonaws.com/id/A1:aud" = "sts.amazonaws.com"
      } }
    }]
  })
}

resource "aws_iam_role_policy" "exporter" {
  role = aws_iam_role.exporter.name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "*", Resource = "*" }]
  })
}

resource "aws_s3_bucket" "orders" {
  bucket = "acme-orders"
  tags   = { classification = "confidential" }
}
