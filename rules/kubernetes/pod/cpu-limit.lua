local pod = lib "pod"
local resources = lib "resources"

return rule {
  id = "K8S-POD-029", title = "CPU limit is missing",
  severity = "low", category = "resilience",
  aliases = { "CKV_K8S_11", "AVD-KSV-0011" },
  frameworks = { "NIST-800-53r5:SC-5", "SOC2:A1.1", "ISO27001-2022:A.8.6" },
  for_each = "k8s.workload",
  description = [[Without a limit one container may take all the processor time that the node has to spare. Whether limits are
wanted is a matter of policy; the severity is low for that reason.]],
  remediation = [[Set `resources.limits.cpu` on each container, or a LimitRange with `default` in the namespace.]],
  references = { "https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/" },
  check = function(e)
    return pod.each(e, function(c)
      if not resources.limited(c, "cpu") then
        return fail(c.label .. " has no cpu limit", { at = pod.get(e, c.at, "resources") or c.at })
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
spec: { containers: [{ name: app, image: "app:1", resources: { limits: { cpu: 1 } } }] }
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
