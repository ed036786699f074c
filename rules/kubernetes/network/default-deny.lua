local netpol = lib "netpol"

return rule {
  id = "K8S-NET-001", title = "Namespace has no default-deny policy",
  severity = "medium", category = "network",
  frameworks = { "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6", "ISO27001-2022:A.8.20" },
  for_each = "k8s.namespace",
  where = function(e) return not match(e.name, "^kube-") end,
  description = [[Without a policy that selects every pod and allows nothing, each new pod may be reached by, and may reach,
everything.]],
  remediation = [[Add a NetworkPolicy with `podSelector: {}`, both `policyTypes`, and no rules; allow what is needed beside it.]],
  references = { "https://kubernetes.io/docs/concepts/services-networking/network-policies/#default-policies" },
  check = function(e)
    if #graph.all("calico.policy") > 0 or #graph.all("cilium.networkpolicy") > 0 then
      unknown("policies of the network plugin are in use; whether they deny by default is not decided here")
    end
    local denied = {}
    for _, policy in ipairs(graph.all("k8s.networkpolicy")) do
      if netpol.namespace(policy) == e.name and netpol.selects_all(policy) then
        local types, spec = netpol.types(policy), policy.raw.spec
        if types.Ingress and (spec.ingress == nil or #spec.ingress == 0) then denied.ingress = true end
        if types.Egress and (spec.egress == nil or #spec.egress == 0) then denied.egress = true end
      end
    end
    if denied.ingress and denied.egress then return end
    if e.origin ~= "live" and #graph.all("k8s.networkpolicy") == 0 and #graph.all("k8s.workload") == 0 then
      unknown("nothing but the namespace is declared here")
    end
    local what = denied.ingress and "egress" or denied.egress and "ingress" or "ingress and egress"
    return fail("no policy of namespace " .. e.name .. " denies " .. what .. " by default", { at = e })
  end,
  tests = {
    fail = { yaml [[
apiVersion: v1
kind: Namespace
metadata: { name: fire }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: in, namespace: fire }
spec: { podSelector: {}, policyTypes: [Ingress] }
]] },
    pass = { yaml [[
apiVersion: v1
kind: Namespace
metadata: { name: dont-fire }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: deny, namespace: dont-fire }
spec: { podSelector: {}, policyTypes: [Ingress, Egress] }
]] },
    unknown = { yaml [[
apiVersion: v1
kind: Namespace
metadata: { name: a }
]] },
  },
}
