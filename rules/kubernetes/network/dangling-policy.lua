local pod = lib "pod"
local netpol = lib "netpol"
local operators = lib "operators"

local function someone(e, selector)
  return pod.takes_any(e, selector, netpol.namespace(e))
end

return rule {
  id = "K8S-NET-005", title = "Network policy or its peer selects no pod",
  severity = "medium", category = "hygiene",
  version = 2, changes = { "peers that another release may bring are unknown" },
  aliases = {
    ["AVD-KSV-0038"] = "empty", ["dangling-networkpolicy"] = "policy", ["dangling-networkpolicypeer-podselector"] = "peer",
  },
  frameworks = { "NIST-800-53r5:CM-6", "PCI-DSS-4.0:2.2.1", "SOC2:CC8.1", "ISO27001-2022:A.8.9" },
  for_each = "k8s.networkpolicy",
  description = [[A policy whose labels match nothing protects nothing, and a rule for a peer that does not exist allows nothing:
most often a label was misspelled or renamed.]],
  remediation = [[Correct the labels, or remove the policy.]],
  references = { "https://kubernetes.io/docs/concepts/services-networking/network-policies/" },
  check = function(e)
    local found, spec = {}, e.raw.spec
    local strangers = false -- peers that another chart or overlay may bring to the namespace
    if spec == nil then return fail("policy " .. e.name .. " has no specification", { case = "empty" }) end
    if #pod.inside("k8s.workload", netpol.namespace(e)) == 0 then
      unknown("no workload of namespace " .. netpol.namespace(e) .. " is in the scan")
    end
    local function dangles(message, options)
      local custom = operators.any(netpol.namespace(e))
      if custom then unknown("an operator makes pods of " .. custom.address .. ", whose labels are not known") end
      return fail(message, options)
    end
    if not netpol.selects_all(e) and not someone(e, pod.get(e, spec, "podSelector")) then
      found[1] = dangles("the selector of policy " .. e.name .. " takes no pod of namespace " .. netpol.namespace(e),
        { case = "policy", at = pod.get(e, spec, "podSelector") })
    end
    for _, way in ipairs { { "ingress", "from" }, { "egress", "to" } } do
      for _, rule in ipairs(spec[way[1]] or {}) do
        for _, peer in ipairs(rule[way[2]] or {}) do
          local selector, space = pod.get(e, peer, "podSelector"), pod.get(e, peer, "namespaceSelector")
          if selector ~= nil and space == nil and not someone(e, selector) then
            if one_of(e.origin, "helm", "kustomize") then
              strangers = true
            else
              found[#found + 1] = dangles("a peer of policy " .. e.name .. " takes no pod of namespace " .. netpol.namespace(e),
                { case = "peer", at = peer })
            end
          end
        end
      end
    end
    if #found == 0 and strangers then unknown("the pods of a peer may come with another release: this one does not bring them") end
    return found
  end,
  tests = {
    fail = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: app, labels: { app: a } }
spec: { containers: [{ name: app, image: "app:1" }] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: fire }
spec: { podSelector: { matchLabels: { app: b } }, policyTypes: [Ingress] }
]] },
    pass = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: app, labels: { app: a } }
spec: { containers: [{ name: app, image: "app:1" }] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: dont-fire }
spec: { podSelector: { matchLabels: { app: a } }, policyTypes: [Ingress] }
]] },
    unknown = { files {
      ["Chart.yaml"] = "apiVersion: v2\nname: orders\nversion: 1.0.0\n",
      ["templates/a.yaml"] = [[
apiVersion: v1
kind: Pod
metadata: { name: orders, namespace: shop, labels: { app: orders } }
spec: { containers: [{ name: orders, image: "orders:1.0" }] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: a, namespace: shop }
spec:
  podSelector: { matchLabels: { app: orders } }
  ingress: [{ from: [{ podSelector: { matchLabels: { app: front } } }] }]
]],
    }, yaml [[
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: a }
spec: { podSelector: { matchLabels: { app: a } }, policyTypes: [Ingress] }
]] },
  },
}
