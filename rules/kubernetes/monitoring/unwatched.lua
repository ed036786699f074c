local pod = lib "pod"
local kube = lib "kube"

local function in_scope(monitor, space)
  local selector = monitor.raw.spec.namespaceSelector
  if selector ~= nil and selector.any == true then return true end
  if selector ~= nil and selector.matchNames ~= nil then return has(selector.matchNames, space) end
  return space == pod.namespace(monitor)
end

local function watched(e)
  local annotations = pod.get(e, e.template, "annotations") or {}
  if tostring(annotations["prometheus.io/scrape"]) == "true" then return true end
  local services = pod.services(e)
  for _, monitor in ipairs(graph.all("prometheus.monitor")) do
    local selector = monitor.raw.spec.selector
    if selector ~= nil and in_scope(monitor, pod.namespace(e)) then
      if match(monitor.type, "/(?:PodMonitor|PodMonitoring)$") then
        if pod.selects(monitor, selector, pod.labels(e)) then return true end
      else
        for _, service in ipairs(services) do
          if pod.selects(monitor, selector, service.tags) then return true end
        end
      end
    end
  end
  return false
end

-- Whether a rule stands in the namespace or names the workload or the namespace in an expression.
local function alerted(e)
  local space = pod.namespace(e)
  for _, object in ipairs(graph.all("prometheus.rule")) do
    if pod.namespace(object) == space then return true end
    for _, group in ipairs(object.raw.spec.groups or {}) do
      for _, entry in ipairs(group.rules or {}) do
        local expression = tostring(entry.expr or "")
        if entry.alert ~= nil and (string.find(expression, e.name, 1, true) or string.find(expression, space, 1, true)
            or not string.find(expression, "namespace", 1, true)) then
          return true
        end
      end
    end
  end
  return false
end

return rule {
  id = "K8S-MON-006", title = "Production service has neither metrics, alert rule nor owner to notify",
  severity = "low", category = "logging",
  frameworks = { "NIST-800-53r5:AU-2", "PCI-DSS-4.0:10.2.1", "SOC2:CC7.2", "ISO27001-2022:A.8.15" },
  for_each = "k8s.workload",
  where = function(e) return one_of(pod.controller(e), "Deployment", "StatefulSet") and kube.production(e) end,
  description = [[A service that nobody measures fails in silence; an alert that no rule raises and no receiver gets wakes nobody.]],
  remediation = [[Add a ServiceMonitor or PodMonitor and a PrometheusRule for the service, and a route to its owner.]],
  references = { "https://prometheus.io/docs/practices/alerting/" },
  check = function(e)
    if #graph.all("prometheus.monitor") == 0 then
      local annotations = pod.get(e, e.template, "annotations") or {}
      if tostring(annotations["prometheus.io/scrape"]) == "true" then return end
      unknown("no monitor is in the scan; metrics may be collected by other means")
    end
    local found = {}
    if not watched(e) then
      found[1] = fail("no monitor collects metrics of " .. e.name, { case = "metrics", at = e.template })
    end
    if #graph.all("prometheus.rule") > 0 and not alerted(e) then
      found[#found + 1] = fail("no alert rule is about " .. e.name .. " or its namespace", { case = "alerts", at = e.template })
    end
    return found
  end,
  tests = {
    fail = { yaml [[
apiVersion: apps/v1
kind: Deployment
metadata: { name: fire, namespace: shop-prod }
spec:
  selector: { matchLabels: { app: fire } }
  template:
    metadata: { labels: { app: fire } }
    spec:
      containers:
        - { name: app, image: "web:1" }
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: { name: other, namespace: other }
spec: { selector: { matchLabels: { app: other } }, endpoints: [{ port: http }] }
]] },
    pass = { yaml [[
apiVersion: apps/v1
kind: Deployment
metadata: { name: dont-fire, namespace: shop-prod }
spec:
  selector: { matchLabels: { app: dont-fire } }
  template:
    metadata: { labels: { app: dont-fire } }
    spec:
      containers:
        - { name: app, image: "web:1" }
---
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: { name: m, namespace: shop-prod }
spec: { selector: { matchLabels: { app: dont-fire } }, endpoints: [{ port: http }] }
---
apiVersion: v1
kind: Service
metadata: { name: web, namespace: shop-prod, labels: { app: dont-fire } }
spec: { type: ClusterIP, selector: { app: dont-fire }, ports: [{ name: http, port: 9090 }] }
]] },
    unknown = { yaml [[
apiVersion: apps/v1
kind: Deployment
metadata: { name: a, namespace: shop-prod }
spec:
  selector: { matchLabels: { app: a } }
  template:
    metadata: { labels: { app: a } }
    spec:
      containers:
        - { name: app, image: "web:1" }
]] },
  },
}
