local pod = lib "pod"

return rule {
  id = "K8S-POD-008", title = "Container binds a host port",
  severity = "medium", category = "network",
  aliases = { "CKV_K8S_26", "AVD-KSV-0024" },
  frameworks = { "CIS-K8S-1.9:5.2.13", "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6",
    "ISO27001-2022:A.8.20" },
  for_each = "k8s.workload",
  description = [[A host port is open on every node that runs the pod, past Services and, with many network plugins, past
network policies; and only one such pod fits on a node.]],
  remediation = [[Remove `hostPort` and put a Service in front of the pod.]],
  references = { "https://kubernetes.io/docs/concepts/configuration/overview/" },
  check = function(e)
    return pod.each(e, function(c)
      return each(pod.get(e, c.at, "ports") or {}, function(port)
        local number = tonumber(pod.get(e, port, "hostPort"))
        if number and number ~= 0 then
          return fail(c.label .. " binds port " .. math.tointeger(number) .. " of the node", { at = port })
        end
      end)
    end)
  end,
  tests = {
    fail = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: fire }
spec: { containers: [{ name: app, image: "app:1", ports: [{ containerPort: 80 }, { containerPort: 443, hostPort: 443 }] }] }
]] },
    pass = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: dont-fire }
spec: { containers: [{ name: app, image: "app:1", ports: [{ containerPort: 80 }] }] }
]] },
    unknown = { [[
variable "v" {}
resource "kubernetes_pod" "a" {
  metadata { name = "a" }
  spec {
    container {
      name  = "app"
      image = "app:1"
      port {
        container_port = 80
        host_port      = var.v
      }
    }
  }
}]] },
  },
}
