local pod = lib "pod"
local tags = lib "tags"

-- The autoscaler that sets the number of replicas of e.
local function autoscaler(e)
  for _, scaler in ipairs(pod.reaching(e, "attached_to", "k8s.horizontalpodautoscaler")) do
    local target = scaler.raw.spec.scaleTargetRef or scaler.raw.spec.scale_target_ref
    if target.kind == pod.controller(e) and target.name == e.name then return scaler end
  end
end

return rule {
  id = "K8S-POD-039", title = "Production service has too few replicas",
  severity = "medium", category = "resilience",
  aliases = { ["minimum-three-replicas"] = "workload", ["hpa-minimum-three-replicas"] = "autoscaler" },
  frameworks = { "NIST-800-53r5:CP-10", "SOC2:A1.2", "ISO27001-2022:A.8.14" },
  for_each = "k8s.workload",
  where = function(e) return one_of(pod.controller(e), "Deployment", "StatefulSet") and tags.production(e) end,
  description = [[One or two replicas do not survive the loss of a node while another is updated. The number for production
stands in the parameter `min_replicas` (default 3); objects of other environments are not judged.]],
  remediation = [[Raise `spec.replicas`, or `minReplicas` of the autoscaler.]],
  references = { "https://kubernetes.io/docs/concepts/workloads/controllers/deployment/" },
  check = function(e)
    local least, scaler = param("min_replicas", 3), autoscaler(e)
    if scaler then
      if scaler.minimum < least then
        return fail("the autoscaler of " .. e.name .. " goes down to " .. math.tointeger(scaler.minimum) .. " replicas, production needs "
          .. math.tointeger(least), { case = "autoscaler", at = scaler.raw.spec })
      end
      return
    end
    local replicas = tonumber(e.raw.spec.replicas) or 1
    if replicas < least then
      return fail(e.name .. " has " .. math.tointeger(replicas) .. " replicas, production needs " .. math.tointeger(least),
        { case = "workload", at = e.raw.spec })
    end
  end,
  tests = {
    fail = { yaml [[
apiVersion: apps/v1
kind: Deployment
metadata: { name: fire, labels: { environment: production } }
spec:
  replicas: 1
  selector: { matchLabels: { app: a } }
  template: { metadata: { labels: { app: a } }, spec: { containers: [{ name: app, image: "app:1" }] } }
]] },
    pass = { yaml [[
apiVersion: apps/v1
kind: Deployment
metadata: { name: dont-fire, labels: { environment: production } }
spec:
  replicas: 3
  selector: { matchLabels: { app: a } }
  template: { metadata: { labels: { app: a } }, spec: { containers: [{ name: app, image: "app:1" }] } }
]] },
    unknown = { [[
variable "v" {}
resource "kubernetes_deployment" "a" {
  metadata {
    name = "a"
    labels = { environment = "production" }
  }
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
