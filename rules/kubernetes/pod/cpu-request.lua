local pod = lib "pod"
local resources = lib "resources"

return rule {
  id = "K8S-POD-028", title = "CPU request is missing",
  severity = "low", category = "resilience",
  aliases = { "CKV_K8S_10", "AVD-KSV-0015", "unset-cpu-requirements" },
  frameworks = { "NIST-800-53r5:SC-5", "SOC2:A1.1", "ISO27001-2022:A.8.6" },
  for_each = "k8s.workload",
  description = [[The scheduler places pods by their requests. Without one a pod goes anywhere and gets what the others leave.]],
  remediation = [[Set `resources.requests.cpu` on each container, or a LimitRange with `defaultRequest` in the namespace.]],
  references = { "https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/" },
  -- A limit without a request is a request of the same size (API reference, ResourceRequirements), so it passes here.
  check = function(e)
    return pod.each(e, function(c)
      if not resources.requested(c, "cpu") then
        return fail(c.label .. " requests no cpu", { at = pod.get(e, c.at, "resources") or c.at })
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
spec: { containers: [{ name: app, image: "app:1", resources: { requests: { cpu: 100m } } }] }
]], yaml [[
apiVersion: v1
kind: Pod
metadata: { name: dont-fire }
spec: { containers: [{ name: app, image: "app:1" }] }
---
apiVersion: v1
kind: LimitRange
metadata: { name: defaults }
spec: { limits: [{ type: Container, defaultRequest: { cpu: 100m } }] }
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
        limits = { cpu = var.v }
      }
    }
  }
}]] },
  },
}
