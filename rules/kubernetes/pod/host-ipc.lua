local pod = lib "pod"

return rule {
  id = "K8S-POD-006", title = "Pod shares the host IPC namespace",
  severity = "high", category = "least-privilege",
  aliases = { CKV_K8S_18 = "pod", ["AVD-KSV-0008"] = "pod", ["host-ipc"] = "pod", CKV_K8S_3 = "psp" },
  frameworks = { "CIS-K8S-1.9:5.2.4", "NIST-800-53r5:CM-7", "PCI-DSS-4.0:2.2.1", "SOC2:CC6.8",
    "ISO27001-2022:A.8.9" },
  for_each = { "k8s.workload", "k8s.podsecuritypolicy" },
  description = [[With the host's IPC namespace a container reads and writes the shared memory of the node's processes.]],
  remediation = [[Remove `hostIPC: true`.]],
  references = { "https://kubernetes.io/docs/concepts/security/pod-security-standards/" },
  check = function(e)
    if e.kind == "k8s.podsecuritypolicy" then
      if pod.get(e, e.raw.spec, "hostIPC") == true then
        return fail("policy " .. e.name .. " lets pods share the host's IPC namespace", { case = "psp" })
      end
      return
    end
    if pod.get(e, e.pod, "hostIPC") == true then
      return fail(e.name .. " shares the IPC namespace of the node (hostIPC: true)", { case = "pod" })
    end
  end,
  fix = set("pod.hostIPC", false, "pod"),
  tests = {
    fail = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: fire }
spec: { hostIPC: true, containers: [{ name: app, image: "app:1" }] }
]] },
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
    host_ipc = var.h
    container { name = "app" }
  }
}]] },
  },
}
