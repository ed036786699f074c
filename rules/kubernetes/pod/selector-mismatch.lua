local pod = lib "pod"

return rule {
  id = "K8S-POD-044", title = "Selector does not match the pod labels",
  severity = "high", category = "hygiene",
  aliases = { "mismatching-selector" },
  frameworks = { "NIST-800-53r5:CM-6", "PCI-DSS-4.0:2.2.1", "SOC2:CC8.1", "ISO27001-2022:A.8.9" },
  for_each = "k8s.workload",
  where = function(e)
    return one_of(pod.controller(e), "Deployment", "StatefulSet", "DaemonSet", "ReplicaSet") and e.raw.spec.selector ~= nil
  end,
  description = [[The API server refuses a controller whose selector does not take the pods of its own template.]],
  remediation = [[Make the labels of `spec.template.metadata` contain those of `spec.selector`.]],
  references = { "https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#selector" },
  check = function(e)
    local labels = pod.labels(e)
    if not pod.selects(e, e.raw.spec.selector, labels) then
      return fail("the selector of " .. e.name .. " does not take the pods of its template", { at = e.raw.spec.selector })
    end
  end,
  tests = {
    fail = { yaml [[
apiVersion: apps/v1
kind: Deployment
metadata: { name: fire }
spec:
  selector: { matchLabels: { app: a } }
  template: { metadata: { labels: { app: b } }, spec: { containers: [{ name: app, image: "app:1" }] } }
]] },
    pass = { yaml [[
apiVersion: apps/v1
kind: Deployment
metadata: { name: dont-fire }
spec:
  selector: { matchLabels: { app: a }, matchExpressions: [{ key: tier, operator: In, values: [x, y] }] }
  template: { metadata: { labels: { app: a, tier: x } }, spec: { containers: [{ name: app, image: "app:1" }] } }
]] },
    unknown = { [[
variable "v" {}
resource "kubernetes_deployment" "a" {
  metadata { name = "a" }
  spec {
    selector { match_labels = var.v }
    template {
      metadata { labels = { app = "a" } }
      spec {
        container {
          name  = "app"
          image = "app:1"
        }
      }
    }
  }
}]] },
  },
}
