local pod = lib "pod"
local resources = lib "resources"

return rule {
  id = "K8S-POD-031", title = "Memory limit is missing",
  severity = "medium", category = "resilience",
  aliases = { "CKV_K8S_13", "AVD-KSV-0018" },
  frameworks = { "NIST-800-53r5:SC-5", "SOC2:A1.1", "ISO27001-2022:A.8.6" },
  for_each = "k8s.workload",
  description = [[A container without a memory limit may take the node's memory until others are killed.]],
  remediation = [[Set `resources.limits.memory` on each container, or a LimitRange with `default` in the namespace.]],
  references = { "https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/" },
  check = function(e)
    return pod.each(e, function(c)
      if not resources.limited(c, "memory") then
        return fail(c.label .. " has no memory limit", { at = pod.get(e, c.at, "resources") or c.at })
      end
    end)
  end,
  tests = {
    fail = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: fire }
spec: { containers: [{ name: app, image: "app:1", resources: { requests: { memory: 64Mi } } }] }
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
