local kube = lib "kube"

return rule {
  id = "K8S-SCALE-004", title = "Metrics server skips kubelet certificate checks",
  severity = "medium", category = "encryption",
  frameworks = { "NIST-800-53r5:SC-8", "PCI-DSS-4.0:4.2.1", "SOC2:CC6.7", "ISO27001-2022:A.8.24" },
  for_each = "k8s.workload",
  where = function(e) return kube.container(e, "metrics-server") ~= nil end,
  description = [[The metrics server sends its token to whoever answers at a node's address when it does not check certificates, and
autoscalers act on what it answers.]],
  remediation = [[Remove `--kubelet-insecure-tls` and give kubelets serving certificates of the cluster's authority
(`serverTLSBootstrap`).]],
  references = { "https://github.com/kubernetes-sigs/metrics-server/blob/master/README.md" },
  check = function(e)
    local c = kube.container(e, "metrics-server")
    if one_of(kube.flag(c, "kubelet-insecure-tls"), "", "true") then
      return fail(e.name .. " does not check the certificates of kubelets (--kubelet-insecure-tls)", { at = c.at })
    end
  end,
  tests = {
    fail = { yaml [[
apiVersion: apps/v1
kind: Deployment
metadata: { name: fire }
spec:
  selector: { matchLabels: { app: fire } }
  template:
    metadata: { labels: { app: fire } }
    spec:
      containers:
        - { name: app, image: "registry.k8s.io/metrics-server/metrics-server:v0.7.2", args: ["--kubelet-insecure-tls"] }
]] },
    pass = { yaml [[
apiVersion: apps/v1
kind: Deployment
metadata: { name: dont-fire }
spec:
  selector: { matchLabels: { app: dont-fire } }
  template:
    metadata: { labels: { app: dont-fire } }
    spec:
      containers:
        - { name: app, image: "registry.k8s.io/metrics-server/metrics-server:v0.7.2", args: ["--kubelet-preferred-address-types=InternalIP"] }
]] },
    unknown = { [[
variable "arguments" { type = list(string) }
resource "kubernetes_deployment" "a" {
  metadata {
    name      = "metrics-server"
    namespace = "kube-system"
  }
  spec {
    selector { match_labels = { k8s-app = "metrics-server" } }
    template {
      metadata { labels = { k8s-app = "metrics-server" } }
      spec {
        container {
          name  = "metrics-server"
          image = "registry.k8s.io/metrics-server/metrics-server:v0.8.0"
          args  = var.arguments
        }
      }
    }
  }
}]] },
  },
}
