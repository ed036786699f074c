return rule {
  id = "K8S-NET-008", title = "Service claims an external address",
  severity = "high", category = "network",
  aliases = { "KSV-0108" },
  frameworks = { "CIS-K8S-1.9:1.2.3", "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6", "ISO27001-2022:A.8.20" },
  for_each = "k8s.service",
  description = [[A Service may claim any address in `externalIPs`, and nodes then send traffic for that address to its pods: a way
to intercept the traffic of others (CVE-2020-8554).]],
  remediation = [[Remove `externalIPs`; use a load balancer.]],
  references = { "https://kubernetes.io/docs/concepts/services-networking/service/#external-ips" },
  check = function(e)
    local addresses = e.raw.spec.externalIPs or e.raw.spec.external_ips
    if addresses ~= nil and #addresses > 0 then
      return fail("service " .. e.name .. " claims the address " .. addresses[1], { at = addresses })
    end
  end,
  tests = {
    fail = { yaml [[
apiVersion: v1
kind: Service
metadata: { name: fire }
spec: { externalIPs: [192.0.2.7], ports: [{ port: 80 }] }
]] },
    pass = { yaml [[
apiVersion: v1
kind: Service
metadata: { name: dont-fire }
spec: { ports: [{ port: 80 }] }
]] },
    unknown = { [[
variable "v" {}
resource "kubernetes_service" "a" {
  metadata { name = "a" }
  spec {
    external_ips = var.v
  }
}]] },
  },
}
