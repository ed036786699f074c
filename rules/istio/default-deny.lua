local pod = lib "pod"
local kube = lib "kube"
local mesh = lib "mesh"

-- A policy for every workload that lets nothing through but what it names: ALLOW without selector, or DENY of everything.
local function denies(policy)
  local spec = policy.raw.spec
  if spec == nil then return true end
  if mesh.selector(policy) or spec.targetRefs ~= nil or spec.targetRef ~= nil then return false end
  local rules = spec.rules or {}
  if policy.action == "ALLOW" then
    for _, rule in ipairs(rules) do
      if pod.first_key(rule) == nil then return false end
    end
    return true
  end
  return policy.action == "DENY" and rules[1] ~= nil and pod.first_key(rules[1]) == nil
end

return rule {
  id = "ISTIO-004", title = "Workloads have no default-deny authorisation policy",
  severity = "medium", category = "least-privilege",
  frameworks = { "NIST-800-53r5:AC-6", "PCI-DSS-4.0:7.2.2", "SOC2:CC6.3", "ISO27001-2022:A.5.15" },
  for_each = "k8s.namespace",
  where = function(e) return mesh.labelled(e) == true and #pod.inside("k8s.workload", e.name) > 0 end,
  description = [[Where no policy selects a workload every request is allowed; each new workload starts open.]],
  remediation = [[Put an AuthorizationPolicy with an empty `spec: {}` into the namespace (or the root namespace), and allow what is
needed beside it.]],
  references = {
    "https://istio.io/latest/docs/reference/config/security/authorization-policy/",
    "https://istio.io/latest/docs/ops/best-practices/security/#use-default-deny-patterns",
  },
  check = function(e)
    for _, space in ipairs { e.name, mesh.root() } do
      for _, policy in ipairs(pod.inside("istio.authorizationpolicy", space)) do
        if denies(policy) then return end
      end
    end
    if #graph.all("istio.authorizationpolicy") == 0 and not mesh.namespace_object(mesh.root()) and #graph.all("istio.operator") == 0 then
      unknown("no authorisation policy of the mesh is in the scan")
    end
    return fail("no policy denies by default in namespace " .. e.name, { at = e.raw.metadata, severity = kube.severity(e) })
  end,
  tests = {
    fail = { yaml [[
apiVersion: v1
kind: Namespace
metadata: { name: fire, labels: { istio-injection: enabled } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: fire }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - { name: app, image: "web:1" }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: web, namespace: fire }
spec: { selector: { matchLabels: { app: web } }, rules: [{ from: [{ source: { namespaces: [shop] } }] }] }
]] },
    pass = { yaml [[
apiVersion: v1
kind: Namespace
metadata: { name: dont-fire, labels: { istio-injection: enabled } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: dont-fire }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - { name: app, image: "web:1" }
---
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: { name: none, namespace: dont-fire }
spec: {}
]] },
    unknown = { yaml [[
apiVersion: v1
kind: Namespace
metadata: { name: a, labels: { istio-injection: enabled } }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web, namespace: a }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - { name: app, image: "web:1" }
]] },
  },
}
