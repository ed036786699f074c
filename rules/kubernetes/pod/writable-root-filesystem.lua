local pod = lib "pod"

return rule {
  id = "K8S-POD-013", title = "Container file system is writable",
  severity = "medium", category = "least-privilege",
  aliases = { "CKV_K8S_22", "AVD-KSV-0014", "no-read-only-root-fs" },
  frameworks = { "NIST-800-53r5:CM-7", "PCI-DSS-4.0:2.2.1", "SOC2:CC6.8", "ISO27001-2022:A.8.9" },
  for_each = "k8s.workload",
  description = [[A read-only file system stops an intruder from leaving tools or changing the program. What must be written
goes to an `emptyDir` or another volume.]],
  remediation = [[Set `securityContext.readOnlyRootFilesystem: true` and mount an `emptyDir` where the program writes.]],
  references = { "https://kubernetes.io/docs/tasks/configure-pod-container/security-context/" },
  check = function(e)
    return pod.each(e, function(c)
      if pod.own(c, "readOnlyRootFilesystem") ~= true then
        return fail("the root file system of " .. c.label .. " is writable", { at = c.at, within = c.at })
      end
    end)
  end,
  fix = set("within.securityContext.readOnlyRootFilesystem", true),
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
spec: { containers: [{ name: app, image: "app:1", securityContext: { readOnlyRootFilesystem: true } }] }
]], [[
resource "kubernetes_pod" "dont_fire" {
  metadata { name = "dont-fire" }
  spec {
    container {
      name = "app"
      security_context { read_only_root_filesystem = true }
    }
  }
}]] },
    unknown = { [[
variable "v" {}
resource "kubernetes_pod" "a" {
  metadata { name = "a" }
  spec {
    container {
      name  = "app"
      image = "app:1"
      security_context { read_only_root_filesystem = var.v }
    }
  }
}]] },
  },
}
