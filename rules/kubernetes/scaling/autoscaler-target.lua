local pod = lib "pod"
local resources = lib "resources"

local function target(e, kind, name)
  for _, workload in ipairs(pod.reached(e, "attached_to", "k8s.workload")) do
    if workload.name == name and pod.controller(workload) == kind then return workload end
  end
end

-- Metrics that are a share of the request: { name, at }.
local function measured(e)
  local found = {}
  local spec = e.raw.spec
  if pod.get(e, spec, "targetCPUUtilizationPercentage") ~= nil then found[1] = { name = "cpu", at = spec } end
  for _, metric in ipairs(spec.metrics or spec.metric or {}) do
    local resource = metric.resource
    local goal = resource and resource.target
    if resource ~= nil and (pod.get(e, goal, "averageUtilization") ~= nil or pod.get(e, resource, "targetAverageUtilization") ~= nil) then
      found[#found + 1] = { name = resource.name, at = metric }
    end
  end
  return found
end

local function acts_on(vertical, name)
  local policies = vertical.raw.spec.resourcePolicy and vertical.raw.spec.resourcePolicy.containerPolicies
  for _, policy in ipairs(policies or {}) do
    if policy.mode == "Off" then return false end
    if policy.controlledResources ~= nil then return has(policy.controlledResources, name) end
  end
  return true
end

return rule {
  id = "K8S-SCALE-002", title = "Autoscaler aims at nothing, lacks requests to measure, or fights another",
  severity = "medium", category = "resilience",
  version = 2, changes = { "what was not asked of a live cluster is unknown" },
  aliases = { ["dangling-horizontalpodautoscaler"] = "target" },
  frameworks = { "NIST-800-53r5:SC-5", "SOC2:A1.1", "ISO27001-2022:A.8.6" },
  for_each = { "k8s.horizontalpodautoscaler", "keda.scaledobject" },
  description = [[An autoscaler without its target does nothing; a share of a request that no container has cannot be measured; a
vertical autoscaler that changes the request which the horizontal one measures makes both swing.]],
  remediation = [[Correct `scaleTargetRef`, give every container a request for the metric, and let the vertical autoscaler act on
another resource or only recommend.]],
  references = { "https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/" },
  check = function(e)
    local ref = pod.get(e, e.raw.spec, "scaleTargetRef")
    if ref == nil then return end
    local kind = ref.kind or "Deployment"
    local workload = target(e, kind, ref.name)
    if workload == nil then
      if not one_of(kind, "Deployment", "StatefulSet", "ReplicaSet", "ReplicationController", "DeploymentConfig", "Rollout") then return end
      if #pod.neighbours(e, "k8s.workload") == 0 and not pod.shows_all(e, "k8s.workload") then
        unknown("no workload of namespace " .. pod.namespace(e) .. " is in the scan; " .. ref.name .. " may exist in the cluster")
      end
      return fail("autoscaler " .. e.name .. " scales " .. kind .. " " .. ref.name .. ", which does not exist in " .. pod.namespace(e),
        { case = "target", at = ref })
    end
    local found = {}
    for _, metric in ipairs(measured(e)) do
      found[#found + 1] = pod.each(workload, function(c)
        if not resources.requested(c, metric.name) then
          return fail("autoscaler " .. e.name .. " measures " .. metric.name .. " against a request that " .. c.label .. " of "
            .. workload.name
            .. " does not have", { case = "request", at = metric.at })
        end
      end, "containers")
      for _, vertical in ipairs(pod.reaching(workload, "attached_to", "k8s.verticalpodautoscaler")) do
        local other = vertical.raw.spec.targetRef
        if other ~= nil and other.name == ref.name and other.kind == kind and vertical.mode ~= "Off" and acts_on(vertical, metric.name) then
          found[#found + 1] = fail("autoscalers " .. e.name .. " and " .. vertical.name .. " both act on " .. metric.name .. " of "
            .. ref.name,
            { case = "conflict", at = metric.at })
        end
      end
    end
    return found
  end,
  tests = {
    fail = { yaml [[
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: fire }
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: gone }
  minReplicas: 2
  maxReplicas: 5
  metrics: [{ type: Resource, resource: { name: cpu, target: { type: Utilization, averageUtilization: 70 } } }]
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - { name: app, image: "web:1" }
]], yaml [[
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: fire }
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: web }
  minReplicas: 2
  maxReplicas: 5
  metrics: [{ type: Resource, resource: { name: cpu, target: { type: Utilization, averageUtilization: 70 } } }]
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - { name: app, image: "web:1" }
]], yaml [[
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: fire }
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: web }
  minReplicas: 2
  maxReplicas: 5
  metrics: [{ type: Resource, resource: { name: cpu, target: { type: Utilization, averageUtilization: 70 } } }]
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - { name: app, image: "web:1", resources: { requests: { cpu: 100m, memory: 64Mi } } }
---
apiVersion: autoscaling.k8s.io/v1
kind: VerticalPodAutoscaler
metadata: { name: v }
spec: { targetRef: { kind: Deployment, name: web } }
]] },
    pass = { yaml [[
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: dont-fire }
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: web }
  minReplicas: 2
  maxReplicas: 5
  metrics: [{ type: Resource, resource: { name: cpu, target: { type: Utilization, averageUtilization: 70 } } }]
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: web }
spec:
  selector: { matchLabels: { app: web } }
  template:
    metadata: { labels: { app: web } }
    spec:
      containers:
        - { name: app, image: "web:1", resources: { requests: { cpu: 100m, memory: 64Mi } } }
]] },
    unknown = { yaml [[
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: a }
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: web }
  minReplicas: 2
  maxReplicas: 5
  metrics: [{ type: Resource, resource: { name: cpu, target: { type: Utilization, averageUtilization: 70 } } }]
]] },
  },
}
