resource "kubernetes_manifest" "deny" {
  manifest = {
    apiVersion = "networking.k8s.io/v1"
    kind       = "NetworkPolicy"
    metadata   = { name = "deny", namespace = "shop" }
    spec       = { podSelector = { matchLabels = { app = "db" } } }
  }
}
