local netpol = lib "netpol"

return rule {
  id = "K8S-NET-004", title = "Network policy lets everything out",
  severity = "medium", category = "network",
  aliases = { "AVD-KUBE-0002" },
  frameworks = { "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6", "ISO27001-2022:A.8.20" },
  for_each = "k8s.networkpolicy",
  description = [[Egress to everywhere lets an intruder fetch tools and carry data away.]],
  remediation = [[Name the destinations in `to`, or at least the ports in `ports`.]],
  references = { "https://kubernetes.io/docs/concepts/services-networking/network-policies/" },
  check = function(e) return netpol.open_rules(e, "egress") end,
  tests = {
    fail = { yaml [[
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: fire }
spec: { podSelector: {}, policyTypes: [Egress], egress: [{}] }
]] },
    pass = { yaml [[
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: dont-fire }
spec:
  podSelector: {}
  policyTypes: [Egress]
  egress: [{ to: [{ ipBlock: { cidr: 10.0.0.0/8 } }] }, { ports: [{ port: 53, protocol: UDP }] }]
]] },
    unknown = { [[
variable "v" {}
resource "kubernetes_network_policy" "a" {
  metadata { name = "a" }
  spec {
    pod_selector {}
    policy_types = ["Egress"]
    egress {
      to {
        ip_block { cidr = var.v }
      }
    }
  }
}]] },
  },
}
