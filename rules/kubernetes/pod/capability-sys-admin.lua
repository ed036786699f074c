local pod = lib "pod"

return rule {
  id = "K8S-POD-012", title = "Container holds a kernel administration capability",
  severity = "critical", category = "least-privilege",
  aliases = { CKV_K8S_39 = "sys-admin", ["AVD-KSV-0005"] = "sys-admin", ["AVD-KSV-0120"] = "sys-module" },
  frameworks = { "NIST-800-53r5:CM-7", "PCI-DSS-4.0:2.2.1", "SOC2:CC6.8", "ISO27001-2022:A.8.9" },
  for_each = "k8s.workload",
  description = [[`SYS_ADMIN` allows mounts and namespaces of the node, `SYS_MODULE` loads code into its kernel: either is as
good as root on the node.]],
  remediation = [[Remove `SYS_ADMIN`, `SYS_MODULE` and `ALL` from `capabilities.add`.]],
  references = { "https://kubernetes.io/docs/tasks/configure-pod-container/security-context/" },
  -- Adding ALL adds both; CKV_K8S_39 overlooks it.
  check = function(e)
    return pod.each(e, function(c)
      local added = pod.capabilities(c, "add")
      local at = pod.own(c, "capabilities", "add")
      local how = added.ALL and " adds ALL capabilities, and with them " or " adds "
      return {
        (added.SYS_ADMIN or added.ALL) and fail(c.label .. how .. "SYS_ADMIN", { case = "sys-admin", at = at }) or nil,
        (added.SYS_MODULE or added.ALL) and fail(c.label .. how .. "SYS_MODULE", { case = "sys-module", at = at }) or nil,
      }
    end)
  end,
  tests = {
    fail = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: fire }
spec:
  containers: [{ name: app, image: "app:1", securityContext: { capabilities: { add: [SYS_ADMIN] } } }]
]], yaml [[
apiVersion: v1
kind: Pod
metadata: { name: fire }
spec:
  containers: [{ name: app, image: "app:1", securityContext: { capabilities: { add: [CAP_SYS_MODULE] } } }]
]] },
    pass = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: dont-fire }
spec:
  containers: [{ name: app, image: "app:1", securityContext: { capabilities: { add: [NET_ADMIN] } } }]
]] },
    unknown = { [[
variable "v" {}
resource "kubernetes_pod" "a" {
  metadata { name = "a" }
  spec {
    container {
      name  = "app"
      image = "app:1"
      security_context {
        capabilities { add = var.v }
      }
    }
  }
}]] },
  },
}
