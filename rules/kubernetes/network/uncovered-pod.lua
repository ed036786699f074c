local pod = lib "pod"
local netpol = lib "netpol"

return rule {
  id = "K8S-NET-002", title = "Pod is covered by no network policy",
  severity = "medium", category = "network",
  aliases = { "CKV2_K8S_6", "non-isolated-pod" },
  frameworks = { "CIS-K8S-1.9:5.3.2", "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6",
    "ISO27001-2022:A.8.20" },
  for_each = "k8s.workload",
  description = [[A pod that no policy selects accepts connections from every other pod of the cluster.]],
  remediation = [[Add a NetworkPolicy for ingress whose `podSelector` takes the pod's labels.]],
  references = { "https://kubernetes.io/docs/concepts/services-networking/network-policies/" },
  check = function(e)
    if #graph.all("calico.policy") > 0 or #graph.all("cilium.networkpolicy") > 0 then
      unknown("policies of the network plugin are in use; which pods they select is not decided here")
    end
    local labels = pod.labels(e)
    for _, policy in ipairs(pod.reaching(e, "selects", "k8s.networkpolicy")) do
      if netpol.types(policy).Ingress
          and pod.selects(policy, pod.get(policy, policy.raw.spec, "podSelector"), labels) then
        return
      end
    end
    return fail("no network policy selects the pods of " .. e.name, { at = e.template })
  end,
  tests = {
    fail = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: fire, labels: { app: b } }
spec: { containers: [{ name: app, image: "app:1" }] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: a }
spec: { podSelector: { matchLabels: { app: a } }, policyTypes: [Ingress] }
]] },
    pass = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: dont-fire, labels: { app: a } }
spec: { containers: [{ name: app, image: "app:1" }] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: a }
spec: { podSelector: { matchLabels: { app: a } }, policyTypes: [Ingress] }
]] },
    unknown = { [[
variable "v" {}
resource "kubernetes_manifest" "a" {
  manifest = {
    apiVersion = "projectcalico.org/v3"
    kind       = "NetworkPolicy"
    metadata   = { name = "a" }
    spec       = { selector = "all()" }
  }
}
resource "kubernetes_pod" "a" {
  metadata { name = "a" }
  spec {
    container {
      name  = "app"
      image = "app:1"
    }
  }
}]] },
  },
}
