return rule {
  id = "LOCAL-001", title = "Workloads are not exposed", severity = "high", category = "network",
  for_each = "k8s.workload",
  check = function(e)
    local by, ports = net.exposed(e)
    if by then return fail(e.name .. " is exposed by " .. by.address .. " on " .. ports) end
  end,
  tests = {
    fail = { yaml [[
apiVersion: v1
kind: Pod
metadata: {name: fire, labels: {app: x}}
spec: {containers: [{name: c, image: i}]}
---
apiVersion: v1
kind: Service
metadata: {name: x}
spec: {type: LoadBalancer, selector: {app: x}, ports: [{port: 80}]}
]] },
    pass = { yaml [[
apiVersion: v1
kind: Pod
metadata: {name: dont-fire}
spec: {containers: [{name: c, image: i}]}
]] },
    unknown = { yaml [[
apiVersion: v1
kind: Pod
metadata: {name: a, labels: {app: x}}
spec: {containers: [{name: c, image: i}]}
---
apiVersion: v1
kind: Service
metadata: {name: x}
spec: {type: LoadBalancer, selector: {app: x}, ports: [{port: 80}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: broken}
spec: {podSelector: {}, ingress: [{from: [{ipBlock: {cidr: nowhere}}]}]}
]] },
  },
}
