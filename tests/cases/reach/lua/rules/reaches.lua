return rule {
  id = "LOCAL-002", title = "Only web reaches api", severity = "high", category = "network",
  for_each = "k8s.workload",
  where = function(e) return e.name ~= "web" and e.name ~= "api" end,
  check = function(e)
    local api = graph.find("k8s.workload", "a", "api")
    if net.reaches(e, api, 8080) then return fail(e.name .. " reaches api") end
    if not net.reaches("a/web", api, "http") then return fail("web does not") end
  end,
  tests = {
    fail = { yaml [[
apiVersion: v1
kind: Pod
metadata: {name: api, namespace: a}
spec: {containers: [{name: c, image: i}]}
---
apiVersion: v1
kind: Pod
metadata: {name: fire, namespace: a}
spec: {containers: [{name: c, image: i}]}
]] },
    pass = { yaml [[
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: a, labels: {app: web}}
spec: {containers: [{name: c, image: i}]}
---
apiVersion: v1
kind: Pod
metadata: {name: api, namespace: a, labels: {app: api}}
spec: {containers: [{name: c, image: i, ports: [{name: http, containerPort: 8080}]}]}
---
apiVersion: v1
kind: Pod
metadata: {name: dont-fire, namespace: a}
spec: {containers: [{name: c, image: i}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: api, namespace: a}
spec: {podSelector: {matchLabels: {app: api}}, ingress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]}
]] }, unknown = {},
  },
}
