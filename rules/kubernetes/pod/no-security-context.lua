local pod = lib "pod"

return rule {
  id = "K8S-POD-014", title = "Pod or container has no security context",
  severity = "low", category = "least-privilege",
  aliases = { CKV_K8S_29 = "pod", CKV_K8S_30 = "container", ["AVD-KSV-0118"] = { "pod", "container" } },
  frameworks = { "CIS-K8S-1.9:5.7.3", "NIST-800-53r5:CM-7", "PCI-DSS-4.0:2.2.1", "SOC2:CC6.8",
    "ISO27001-2022:A.8.9" },
  for_each = "k8s.workload",
  description = [[Without a security context the defaults of the runtime hold: root where the image says so, default
capabilities, a writable file system, no seccomp profile.]],
  remediation = [[Give the pod and each container a `securityContext`.]],
  references = { "https://kubernetes.io/docs/tasks/configure-pod-container/security-context/" },
  check = function(e)
    local function empty(context) return context == nil or pod.first_key(context) == nil end
    local places = pod.containers(e)
    table.insert(places, 1, "pod")
    return each(places, function(c)
      if c == "pod" then
        if empty(pod.get(e, e.pod, "securityContext")) then
          return fail("the pod of " .. e.name .. " has no securityContext", { case = "pod", at = e.pod })
        end
      elseif empty(pod.own(c)) then
        return fail(c.label .. " has no securityContext", { case = "container", at = c.at })
      end
    end)
  end,
  tests = {
    fail = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: fire }
spec: { containers: [{ name: app, image: "app:1" }] }
]] },
    pass = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: dont-fire }
spec:
  securityContext: { runAsNonRoot: true }
  containers: [{ name: app, image: "app:1", securityContext: { privileged: false } }]
]] },
    unknown = { [[
variable "v" {}
resource "kubernetes_manifest" "a" {
  manifest = {
    apiVersion = "v1"
    kind       = "Pod"
    metadata   = { name = "a" }
    spec       = { securityContext = { runAsNonRoot = true }, containers = [{ name = "app", image = "app:1", securityContext = var.v }] }
  }
}]] },
  },
}
