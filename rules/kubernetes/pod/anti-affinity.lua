local pod = lib "pod"

return rule {
  id = "K8S-POD-038", title = "Replicas of one service may share a node or zone",
  severity = "medium", category = "resilience",
  aliases = { "no-anti-affinity" },
  frameworks = { "NIST-800-53r5:CP-10", "SOC2:A1.2", "ISO27001-2022:A.8.14" },
  for_each = "k8s.workload",
  where = function(e) return one_of(pod.controller(e), "Deployment", "StatefulSet") end,
  description = [[Several replicas help against the loss of a node or zone only if they do not all run there.]],
  remediation = [[Add `topologySpreadConstraints` over `kubernetes.io/hostname` or `topology.kubernetes.io/zone`, or a
`podAntiAffinity`.]],
  references = { "https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/" },
  check = function(e)
    local replicas = tonumber(e.raw.spec.replicas) or 1
    if replicas < 2 then return end
    local anti = pod.get(e, e.pod, "affinity", "podAntiAffinity")
    if anti ~= nil or pod.get(e, e.pod, "topologySpreadConstraints", 1) ~= nil then return end
    return fail("the " .. math.tointeger(replicas) .. " replicas of " .. e.name .. " may all run on one node", { at = e.pod })
  end,
  tests = {
    fail = { yaml [[
apiVersion: apps/v1
kind: Deployment
metadata: { name: fire }
spec:
  replicas: 3
  selector: { matchLabels: { app: a } }
  template: { metadata: { labels: { app: a } }, spec: { containers: [{ name: app, image: "app:1" }] } }
]] },
    pass = { yaml [[
apiVersion: apps/v1
kind: Deployment
metadata: { name: dont-fire }
spec:
  replicas: 3
  selector: { matchLabels: { app: a } }
  template:
    metadata: { labels: { app: a } }
    spec:
      topologySpreadConstraints: [{ maxSkew: 1, topologyKey: kubernetes.io/hostname, whenUnsatisfiable: ScheduleAnyway }]
      containers: [{ name: app, image: "app:1" }]
]] },
    unknown = { [[
variable "v" {}
resource "kubernetes_deployment" "a" {
  metadata { name = "a" }
  spec {
    replicas = var.v
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
