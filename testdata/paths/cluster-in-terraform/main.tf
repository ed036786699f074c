# A cluster that Terraform declares in its own form: the web reads what a bucket holds.
resource "kubernetes_namespace" "shop" {
  metadata {
    name   = "shop"
    labels = { team = "shop" }
  }
}

resource "kubernetes_namespace_v1" "edge" {
  metadata { name = "edge" }
}

resource "kubernetes_service_account" "web" {
  metadata {
    name        = "web"
    namespace   = kubernetes_namespace.shop.metadata[0].name
    annotations = { "eks.amazonaws.com/role-arn" = aws_iam_role.web.arn }
  }
}

resource "kubernetes_deployment" "web" {
  metadata {
    name      = "web"
    namespace = kubernetes_namespace.shop.metadata[0].name
  }
  spec {
    selector { match_labels = { app = "web" } }
    template {
      metadata { labels = { app = "web" } }
      spec {
        service_account_name = kubernetes_service_account.web.metadata[0].name
        container {
          name  = "web"
          image = "shop/web:1"
          port {
            name           = "http"
            container_port = 8080
          }
        }
      }
    }
  }
}

resource "kubernetes_stateful_set_v1" "db" {
  metadata {
    name      = "db"
    namespace = kubernetes_namespace.shop.metadata[0].name
  }
  spec {
    service_name = "db"
    selector { match_labels = { app = "db" } }
    template {
      metadata { labels = { app = "db" } }
      spec {
        container {
          name  = "db"
          image = "shop/db:1"
        }
      }
    }
  }
}

resource "kubernetes_pod" "tool" {
  metadata {
    name      = "tool"
    namespace = kubernetes_namespace_v1.edge.metadata[0].name
    labels    = { app = "tool" }
  }
  spec {
    container {
      name  = "tool"
      image = "shop/tool:1"
    }
  }
}

resource "kubernetes_service" "web" {
  metadata {
    name      = "web"
    namespace = kubernetes_namespace.shop.metadata[0].name
  }
  spec {
    type     = "LoadBalancer"
    selector = { app = "web" }
    port {
      port        = 80
      target_port = "http"
    }
  }
}

resource "kubernetes_network_policy" "db" {
  metadata {
    name      = "db"
    namespace = kubernetes_namespace.shop.metadata[0].name
  }
  spec {
    pod_selector { match_labels = { app = "db" } }
    ingress {
      ports {
        port     = "5432"
        protocol = "TCP"
      }
      from {
        pod_selector {
          match_expressions {
            key      = "app"
            operator = "In"
            values   = ["web"]
          }
        }
      }
    }
    policy_types = ["Ingress"]
  }
}

resource "kubernetes_network_policy_v1" "web" {
  metadata {
    name      = "web"
    namespace = kubernetes_namespace.shop.metadata[0].name
  }
  spec {
    pod_selector { match_labels = { app = "web" } }
    ingress {
      ports { port = "http" }
      from {
        ip_block {
          cidr   = "0.0.0.0/0"
          except = ["10.0.0.0/8"]
        }
      }
      from {
        namespace_selector {}
      }
    }
    policy_types = ["Ingress"]
  }
}

resource "aws_iam_role" "web" {
  name = "web"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRoleWithWebIdentity"
      Principal = { Federated = "arn:aws:iam::123456789012:oidc-provider/oidc.eks.eu-central-1.amazonaws.com/id/ABC" }
      Condition = { StringEquals = {
        "oidc.eks.eu-central-1.amazonaws.com/id/ABC:sub" = "system:serviceaccount:shop:web"
      } }
    }]
  })
}

resource "aws_iam_role_policy" "web" {
  role = aws_iam_role.web.name
  policy = jsonencode({
    Version   = "2012-10-17"
    Statement = [{ Effect = "Allow", Action = "s3:GetObject", Resource = "${aws_s3_bucket.orders.arn}/*" }]
  })
}

resource "aws_s3_bucket" "orders" {
  bucket = "orders"
  tags   = { classification = "confidential" }
}
