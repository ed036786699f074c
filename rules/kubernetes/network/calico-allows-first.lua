return rule {
  id = "K8S-NET-011", title = "Calico policy allows before any deny or bypasses the host",
  severity = "high", category = "network",
  frameworks = { "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6", "ISO27001-2022:A.8.20" },
  for_each = { "calico.policy", "calico.felixconfiguration" },
  description = [[Calico applies policies by their order, the lowest first, and the first that decides wins: an early Allow for all
makes every later Deny void. With the host action Accept, pods reach the node itself unchecked.]],
  remediation = [[Give general policies the highest order; leave `defaultEndpointToHostAction` at `Drop`.]],
  references = { "https://docs.tigera.io/calico/latest/reference/resources/globalnetworkpolicy" },
  check = function(e)
    if e.kind == "calico.felixconfiguration" then
      if e.endpoint_to_host == "Accept" and #graph.all("calico.hostendpoint") == 0 then
        return fail("traffic from pods to their node is accepted (defaultEndpointToHostAction), and no host endpoint limits it",
          { at = "endpoint_to_host" })
      end
      return
    end
    if not ends(e.type, "/GlobalNetworkPolicy") then return end
    local order = tonumber(e.order)
    for _, other in ipairs(graph.all("calico.policy")) do
      if order == nil or (tonumber(other.order) ~= nil and tonumber(other.order) < order) then return end
    end
    return each({ "ingress", "egress" }, function(direction)
      local side = direction == "ingress" and "source" or "destination"
      for _, rule in ipairs(e.raw.spec[direction] or {}) do
        if rule.action == "Deny" then return end
        if rule.action == "Allow" and rule.protocol == nil and rule[side] == nil and rule.destination == nil then
          return fail("policy " .. e.name .. ", the first in order, allows all " .. direction, { at = rule })
        end
      end
    end)
  end,
  tests = {
    fail = { yaml [[
apiVersion: projectcalico.org/v3
kind: GlobalNetworkPolicy
metadata: { name: fire }
spec: { order: 1, selector: all(), types: [Ingress], ingress: [{ action: Allow }] }
]] },
    pass = { yaml [[
apiVersion: projectcalico.org/v3
kind: GlobalNetworkPolicy
metadata: { name: dont-fire }
spec: { order: 1, selector: all(), types: [Ingress], ingress: [{ action: Allow, source: { nets: [10.0.0.0/8] } }, { action: Deny }] }
]] },
    unknown = { [[
variable "v" {}
resource "kubernetes_manifest" "a" {
  manifest = {
    apiVersion = "projectcalico.org/v3"
    kind       = "GlobalNetworkPolicy"
    metadata   = { name = "a" }
    spec       = { order = 1, ingress = var.v }
  }
}]] },
  },
}
