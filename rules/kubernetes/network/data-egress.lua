local netpol = lib "netpol"
local tags = lib "tags"

return rule {
  id = "K8S-NET-010", title = "Egress of a trading or data namespace is not limited to known destinations",
  severity = "medium", category = "network",
  frameworks = { "NIST-800-53r5:AC-4", "PCI-DSS-4.0:1.3.2", "SOC2:CC6.7", "ISO27001-2022:A.8.12" },
  for_each = "k8s.namespace",
  where = tags.sensitive,
  description = [[From a namespace with confidential or regulated data, traffic should go to known destinations only, directly or by
an egress gateway.]],
  remediation = [[Limit the egress rules to the networks that are needed.]],
  references = { "https://kubernetes.io/docs/concepts/services-networking/network-policies/" },
  check = function(e)
    local limited, found = false, {}
    for _, policy in ipairs(graph.all("k8s.networkpolicy")) do
      if netpol.namespace(policy) == e.name and netpol.types(policy).Egress then
        if netpol.selects_all(policy) then limited = true end
        for _, rule in ipairs(policy.raw.spec.egress or {}) do
          local peers = rule.to
          local open = peers == nil or #peers == 0
          for _, peer in ipairs(peers or {}) do
            local block = peer.ipBlock or peer.ip_block
            if block ~= nil and cidr.any(block.cidr) then open = true end
          end
          local ports, dns = rule.ports, false
          if ports ~= nil and #ports > 0 then
            dns = true
            for _, port in ipairs(ports) do
              if tonumber(port.port) ~= 53 then dns = false end
            end
          end
          if open and not dns then
            found[#found + 1] = fail("policy " .. policy.name .. " lets the " .. tags.class(e) .. " namespace " .. e.name
              .. " reach every address", { at = e, evidence = { { rule, "the rule" } } })
          end
        end
      end
    end
    if #found == 0 and not limited then
      return fail("nothing limits the egress of the " .. tags.class(e) .. " namespace " .. e.name, { at = e })
    end
    return found
  end,
  tests = {
    fail = { yaml [[
apiVersion: v1
kind: Namespace
metadata: { name: fire, labels: { data-classification: regulated } }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: out, namespace: fire }
spec: { podSelector: {}, policyTypes: [Egress], egress: [{ to: [{ ipBlock: { cidr: 0.0.0.0/0 } }] }] }
]] },
    pass = { yaml [[
apiVersion: v1
kind: Namespace
metadata: { name: dont-fire, labels: { data-classification: regulated } }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: out, namespace: dont-fire }
spec: { podSelector: {}, policyTypes: [Egress], egress: [{ to: [{ ipBlock: { cidr: 10.1.0.0/16 } }] }] }
]] },
    unknown = { [[
variable "v" {}
resource "kubernetes_namespace" "a" {
  metadata {
    name   = "a"
    labels = { data-classification = "confidential" }
  }
}
resource "kubernetes_network_policy" "a" {
  metadata {
    name      = "a"
    namespace = "a"
  }
  spec {
    pod_selector {}
    policy_types = ["Egress"]
    egress = var.v
  }
}]] },
  },
}
