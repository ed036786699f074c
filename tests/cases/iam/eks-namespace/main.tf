resource "aws_iam_openid_connect_provider" "c" {
  url = "https://oidc.eks.eu-west-1.amazonaws.com/id/ABC"
  client_id_list = ["sts.amazonaws.com"]
}
resource "aws_iam_role" "boss" {
  name = "boss"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRoleWithWebIdentity", Principal = { Federated = aws_iam_openid_connect_provider.c.arn },
    Condition = { StringEquals = { "oidc.eks.eu-west-1.amazonaws.com/id/ABC:sub" = "system:serviceaccount:ops:boss" } } }] })
}
resource "aws_iam_role_policy_attachment" "boss" {
  role = aws_iam_role.boss.name
  policy_arn = "arn:aws:iam::aws:policy/AdministratorAccess"
}
resource "aws_iam_role" "ci" {
  name = "ci"
  assume_role_policy = jsonencode({ Version = "2012-10-17", Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = { AWS = aws_iam_user.dev.arn } }] })
}
resource "aws_iam_user" "dev" { name = "dev" }
resource "aws_eks_access_entry" "ci" {
  cluster_name = "c"
  principal_arn = aws_iam_role.ci.arn
  kubernetes_groups = ["deployers"]
}
resource "kubernetes_service_account" "boss" {
  metadata {
    name = "boss"
    namespace = "ops"
    annotations = { "eks.amazonaws.com/role-arn" = aws_iam_role.boss.arn }
  }
}
resource "kubernetes_role_binding" "d" {
  metadata {
    name = "d"
    namespace = "ops"
  }
  role_ref {
    api_group = "rbac.authorization.k8s.io"
    kind = "ClusterRole"
    name = "edit"
  }
  subject {
    kind = "Group"
    name = "deployers"
  }
}
