local netpol = lib "netpol"

return rule {
  id = "K8S-NET-003", title = "Network policy lets everything in",
  severity = "high", category = "network",
  aliases = { "AVD-KUBE-0001" },
  frameworks = { "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6", "ISO27001-2022:A.8.20" },
  for_each = "k8s.networkpolicy",
  description = [[A rule without peers and ports lets everyone in, so the policy protects nothing.]],
  remediation = [[Name the peers in `from`, or at least the ports in `ports`.]],
  references = { "https://kubernetes.io/docs/concepts/services-networking/network-policies/" },
  check = function(e) return netpol.open_rules(e, "ingress") end,
  tests = {
    fail = { yaml [[
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: fire }
spec: { podSelector: {}, ingress: [{}] }
]], yaml [[
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: fire }
spec: { podSelector: {}, ingress: [{ from: [{ ipBlock: { cidr: 0.0.0.0/0 } }] }] }
]] },
    pass = { yaml [[
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: dont-fire }
spec: { podSelector: {}, ingress: [{ from: [{ podSelector: {} }] }, { ports: [{ port: 443 }] }] }
]] },
    unknown = { [[
variable "v" {}
resource "kubernetes_network_policy" "a" {
  metadata { name = "a" }
  spec {
    pod_selector {}
    policy_types = ["Ingress"]
    ingress {
      from = var.v
    }
  }
}]] },
  },
}
