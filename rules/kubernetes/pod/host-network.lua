local pod = lib "pod"

return rule {
  id = "K8S-POD-007", title = "Pod shares the host network",
  severity = "high", category = "network",
  aliases = { CKV_K8S_19 = "pod", ["AVD-KSV-0009"] = "pod", ["host-network"] = "pod", CKV_K8S_4 = "psp" },
  frameworks = { "CIS-K8S-1.9:5.2.5", "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6",
    "ISO27001-2022:A.8.20" },
  for_each = { "k8s.workload", "k8s.podsecuritypolicy" },
  description = [[On the host's network a container reaches what listens on the node's loopback address, sees the node's
traffic, and no NetworkPolicy applies to it. Node services that need it are listed in the parameter
`host_network_allowed` (names, with `*`).]],
  remediation = [[Remove `hostNetwork: true`, or list the workload in `host_network_allowed` if it is a node service.]],
  references = { "https://kubernetes.io/docs/concepts/security/pod-security-standards/" },
  check = function(e)
    if e.kind == "k8s.podsecuritypolicy" then
      if pod.get(e, e.raw.spec, "hostNetwork") == true then
        return fail("policy " .. e.name .. " lets pods use the host's network", { case = "psp" })
      end
      return
    end
    if pod.get(e, e.pod, "hostNetwork") ~= true then return end
    for _, allowed in ipairs(param("host_network_allowed", {})) do
      if glob(e.name, allowed) then return end
    end
    return fail(e.name .. " uses the network of the node (hostNetwork: true)", { case = "pod" })
  end,
  fix = set("pod.hostNetwork", false, "pod"),
  tests = {
    fail = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: fire }
spec: { hostNetwork: true, containers: [{ name: app, image: "app:1" }] }
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
    host_network = var.h
    container { name = "app" }
  }
}]] },
  },
}
