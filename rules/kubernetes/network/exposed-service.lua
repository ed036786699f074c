return rule {
  id = "K8S-NET-006", title = "Service exposes pods on nodes or by load balancer without need",
  severity = "medium", category = "network",
  aliases = { "exposed-services" },
  frameworks = { "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6", "ISO27001-2022:A.8.20" },
  for_each = "k8s.service",
  description = [[A NodePort opens a port on every node, a LoadBalancer an address outside the cluster, past ingress and its
protections. Entry points stand in the parameter `entry_points` (names, with `*`).]],
  remediation = [[Use `ClusterIP` behind an ingress or gateway, or list the service in `entry_points`.]],
  references = { "https://kubernetes.io/docs/concepts/services-networking/service/#publishing-services-service-types" },
  check = function(e)
    if not one_of(e.service_type, "NodePort", "LoadBalancer") then return end
    for _, allowed in ipairs(param("entry_points", {})) do
      if glob(e.name, allowed) then return end
    end
    return fail("service " .. e.name .. " is exposed as " .. e.service_type, { at = "service_type" })
  end,
  tests = {
    fail = { yaml [[
apiVersion: v1
kind: Service
metadata: { name: fire }
spec: { type: NodePort, ports: [{ port: 80 }] }
]] },
    pass = { yaml [[
apiVersion: v1
kind: Service
metadata: { name: dont-fire }
spec: { ports: [{ port: 80 }] }
]] },
    unknown = { [[
variable "t" {}
resource "kubernetes_service" "a" {
  metadata { name = "a" }
  spec { type = var.t }
}]] },
  },
}
