local pod = lib "pod"
local resources = lib "resources"

return rule {
  id = "K8S-POD-030", title = "Memory request is missing",
  severity = "medium", category = "resilience",
  aliases = { "CKV_K8S_12", "AVD-KSV-0016", "unset-memory-requirements" },
  frameworks = { "NIST-800-53r5:SC-5", "SOC2:A1.1", "ISO27001-2022:A.8.6" },
  for_each = "k8s.workload",
  description = [[The scheduler places pods by their requests; without one the node may run out of memory, and the pod is among
the first to be killed.]],
  remediation = [[Set `resources.requests.memory` on each container, or a LimitRange with `defaultRequest` in the namespace.]],
  references = { "https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/" },
  -- A limit without a request is a request of the same size (API reference, ResourceRequirements), so it passes here.
  check = function(e)
    return pod.each(e, function(c)
      if not resources.requested(c, "memory") then
        return fail(c.label .. " requests no memory", { at = pod.get(e, c.at, "resources") or c.at })
      end
    end)
  end,
  tests = {
    fail = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: fire }
spec: { containers: [{ name: app, image: "app:1", resources: { requests: { cpu: 100m } } }] }
]] },
    pass = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: dont-fire }
spec: { containers: [{ name: app, image: "app:1", resources: { limits: { memory: 64Mi } } }] }
]] },
    unknown = { [[
variable "v" {}
resource "kubernetes_pod" "a" {
  metadata { name = "a" }
  spec {
    container {
      name  = "app"
      image = "app:1"
      resources {
        limits = { memory = var.v }
      }
    }
  }
}]] },
  },
}
