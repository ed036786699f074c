provider "helm" {}

resource "helm_release" "ingress" {
  name       = "ingress"
  namespace  = "edge"
  repository = "https://charts.example.com"
  chart      = "nginx"
  version    = "4.11.3"
}

# A subchart's label is no version of the chart; 1.2.3+build is written as 1.2.3_build.
resource "helm_release" "same" {
  name      = "same"
  namespace = "edge"
  chart     = "oci://registry.example.com/charts/metrics"
  version   = "v1.2.3+build"
}

resource "helm_release" "range" {
  name      = "range"
  namespace = "edge"
  chart     = "cache"
  version   = "~> 7.0"
}

resource "helm_release" "gone" {
  name      = "gone"
  namespace = "edge"
  chart     = "queue"
  version   = "2.0.0"
}

resource "kubernetes_service_v1" "own" {
  metadata {
    name      = "own"
    namespace = "edge"
  }
  spec {
    selector = { app = "own" }
    port { port = 80 }
  }
}
