local pod = lib "pod"

return rule {
  id = "K8S-POD-018", title = "Pod mounts the container runtime socket",
  severity = "critical", category = "least-privilege",
  aliases = { "CKV_K8S_27", "AVD-KSV-0006", "docker-sock" },
  frameworks = { "NIST-800-53r5:CM-7", "PCI-DSS-4.0:2.2.1", "SOC2:CC6.8", "ISO27001-2022:A.8.9" },
  for_each = "k8s.workload",
  description = [[Who can talk to the container runtime can start a privileged container, and so owns the node. Mounting the
socket read-only changes nothing: requests are still sent through it.]],
  remediation = [[Remove the volume; build images with a tool that needs no daemon.]],
  references = { "https://kubernetes.io/docs/concepts/storage/volumes/#hostpath" },
  check = function(e)
    return each(pod.get(e, e.pod, "volumes") or {}, function(volume)
      local path = pod.get(e, volume, "hostPath", "path")
      if path == nil then return end
      local socket = match(path, "(?:^|/)(docker|dockershim|containerd|crio|cri-dockerd)\\.sock/?$")
      if socket then
        return fail(e.name .. " mounts " .. path .. ", the socket of the node's container runtime", { at = volume })
      end
    end)
  end,
  tests = {
    fail = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: fire }
spec:
  volumes: [{ name: sock, hostPath: { path: /var/run/docker.sock } }]
  containers: [{ name: app, image: "app:1" }]
]], [[
resource "kubernetes_pod" "fire" {
  metadata { name = "fire" }
  spec {
    volume {
      name = "sock"
      host_path { path = "/run/containerd/containerd.sock" }
    }
    container { name = "app" }
  }
}]] },
    pass = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: dont-fire }
spec:
  volumes: [{ name: tmp, emptyDir: {} }]
  containers: [{ name: app, image: "app:1" }]
]] },
    unknown = { [[
variable "p" {}
resource "kubernetes_pod" "a" {
  metadata { name = "a" }
  spec {
    volume {
      name = "sock"
      host_path { path = var.p }
    }
    container { name = "app" }
  }
}]] },
  },
}
