local pod = lib "pod"

return rule {
  id = "K8S-POD-005", title = "Pod shares the host process namespace",
  severity = "high", category = "least-privilege",
  aliases = { CKV_K8S_17 = "pod", ["AVD-KSV-0010"] = "pod", ["host-pid"] = "pod", CKV_K8S_1 = "psp" },
  frameworks = { "CIS-K8S-1.9:5.2.3", "NIST-800-53r5:CM-7", "PCI-DSS-4.0:2.2.1", "SOC2:CC6.8",
    "ISO27001-2022:A.8.9" },
  for_each = { "k8s.workload", "k8s.podsecuritypolicy" },
  description = [[With the host's process namespace a container sees the node's processes, and with a little more can read
their memory and environment or stop them.]],
  remediation = [[Remove `hostPID: true`.]],
  references = { "https://kubernetes.io/docs/concepts/security/pod-security-standards/" },
  check = function(e)
    if e.kind == "k8s.podsecuritypolicy" then
      if pod.get(e, e.raw.spec, "hostPID") == true then
        return fail("policy " .. e.name .. " lets pods share the host's processes", { case = "psp" })
      end
      return
    end
    if pod.get(e, e.pod, "hostPID") == true then
      return fail(e.name .. " shares the process namespace of the node (hostPID: true)", { case = "pod" })
    end
  end,
  fix = set("pod.hostPID", false, "pod"),
  tests = {
    fail = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: fire }
spec: { hostPID: true, containers: [{ name: app, image: "app:1" }] }
]], [[
resource "kubernetes_pod" "fire" {
  metadata { name = "fire" }
  spec {
    host_pid = true
    container { name = "app" }
  }
}]] },
    pass = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: dont-fire }
spec: { containers: [{ name: app, image: "app:1" }] }
]] },
    unknown = { [[
variable "h" { type = bool }
resource "kubernetes_pod" "a" {
  metadata { name = "a" }
  spec {
    host_pid = var.h
    container { name = "app" }
  }
}]] },
  },
}
