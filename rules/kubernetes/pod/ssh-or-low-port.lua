local pod = lib "pod"

return rule {
  id = "K8S-POD-037", title = "Container listens on SSH or a privileged port",
  severity = "medium", category = "network",
  aliases = { ["ssh-port"] = "ssh", ["privileged-ports"] = "low", ["AVD-KSV-0117"] = "low" },
  frameworks = { "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6", "ISO27001-2022:A.8.20" },
  for_each = "k8s.workload",
  description = [[An SSH server in a container is a door beside the one that the cluster guards. Ports below 1024 make programs
ask for rights that they do not need; today's runtimes open them to all users, so these count as low.]],
  remediation = [[Use `kubectl exec` instead of SSH; listen on a port from 1024 and let the Service map it.]],
  references = { "https://kubernetes.io/docs/concepts/services-networking/service/" },
  check = function(e)
    return pod.each(e, function(c)
      return each(pod.get(e, c.at, "ports") or {}, function(port)
        local number = tonumber(pod.get(e, port, "containerPort"))
        number = number and math.tointeger(number)
        if not number then return end
        if number == 22 then
          return fail(c.label .. " listens on port 22 (SSH)", { case = "ssh", at = port })
        elseif number > 0 and number < 1024 then
          return fail(c.label .. " listens on port " .. number .. ", below 1024", { case = "low", at = port, severity = "low" })
        end
      end)
    end)
  end,
  tests = {
    fail = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: fire }
spec: { containers: [{ name: app, image: "app:1", ports: [{ containerPort: 22 }] }] }
]] },
    pass = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: dont-fire }
spec: { containers: [{ name: app, image: "app:1", ports: [{ containerPort: 8080 }] }] }
]] },
    unknown = { [[
variable "v" {}
resource "kubernetes_pod" "a" {
  metadata { name = "a" }
  spec {
    container {
      name  = "app"
      image = "app:1"
      port { container_port = var.v }
    }
  }
}]] },
  },
}
