-- luacheck: no max line length
local netpol = lib "netpol"
local pod = lib "pod"

local function manifests(name, policy)
  return string.format([[
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop }
spec: { type: LoadBalancer, selector: { app: web }, ports: [{ port: 80, targetPort: 8080 }] }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: %s, namespace: shop }
spec:
  selector: { matchLabels: { app: web } }
  template: { metadata: { labels: { app: web } }, spec: { containers: [{ name: web, image: "shop/web:1", ports: [{ containerPort: 8080 }] }] } }
%s]], name, policy or "")
end

local deny = [[
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: deny, namespace: shop }
spec: { podSelector: {}, policyTypes: [Ingress] }
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: web, namespace: shop }
spec: { podSelector: { matchLabels: { app: web } }, ingress: [{ ports: [{ port: 8080 }] }] }
]]

-- Kinds of policy by which other plugins deny by default.
local others = { "calico.policy", "cilium.networkpolicy" }

local function denies(namespace)
  for _, policy in ipairs(graph.all("k8s.networkpolicy")) do
    local ingress = policy.raw.spec.ingress
    if netpol.namespace(policy) == namespace and netpol.selects_all(policy) and netpol.types(policy).Ingress
        and (ingress == nil or #ingress == 0) then
      return true
    end
  end
  return false
end

-- The first workload of a namespace that is exposed stands for it, so that it is told once.
local function first(namespace)
  return once("public-namespace-open " .. namespace, function()
    for _, other in ipairs(graph.all("k8s.workload")) do
      if pod.namespace(other) == namespace and net.exposed(other) then return other.address end
    end
  end)
end

return rule {
  id = "GRAPH-019", title = "Namespace with a public entry has no default-deny policy", severity = "high", category = "network",
  frameworks = { "NIST-800-53r5:SC-7", "PCI-DSS-4.0:1.3.1", "SOC2:CC6.6", "ISO27001-2022:A.8.20" },
  for_each = "k8s.workload",
  where = function(e) return not match(pod.namespace(e), "^kube-") end,
  description = [[A pod that the internet reaches is the first to be taken over. Without a policy that denies by default it may then
reach every other pod of the namespace, whatever these were meant for.]],
  remediation = [[Add a NetworkPolicy with `podSelector: {}`, `policyTypes: [Ingress]` and no rules to the namespace, and one for each
workload that lets in what it serves.]],
  references = { "https://kubernetes.io/docs/concepts/services-networking/network-policies/#default-deny-all-ingress-traffic" },
  check = function(e)
    local namespace = pod.namespace(e)
    local by = net.exposed(e)
    if not by or denies(namespace) then return end
    for _, kind in ipairs(others) do
      if #graph.all(kind) > 0 then
        unknown("policies of the network plugin are in use; whether they deny by default is not decided here")
      end
    end
    if first(namespace) ~= e.address then return end
    return fail("namespace " .. namespace .. " has no policy that denies by default, and " .. e.name .. " is reached from the internet by "
      .. by.name .. "; add a NetworkPolicy for all pods without rules", { evidence = { { by, "the entry" } } })
  end,
  tests = {
    fail = { yaml(manifests("fire")) },
    pass = { yaml(manifests("dont-fire", deny)), yaml(string.gsub(manifests("dont-fire"), "type: LoadBalancer, ", "") .. "") },
    unknown = { yaml(manifests("a", [[
---
apiVersion: projectcalico.org/v3
kind: GlobalNetworkPolicy
metadata: { name: all }
spec: { selector: all(), types: [Ingress], ingress: [{ action: Allow }] }
]])) },
  },
}
