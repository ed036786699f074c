local pod = lib "pod"
local mesh = lib "mesh"

-- Whether it aims beyond what the manifests can show: at every namespace, or at what the cluster or the operator makes without a
-- manifest, the Services of the API server and of kubelets.
local function elsewhere(e)
  local selector = e.raw.spec.namespaceSelector
  if selector ~= nil and selector.any == true then return true end
  for _, space in ipairs(selector and selector.matchNames or {}) do
    if starts(space, "kube-") then return true end
  end
  local labels = e.raw.spec.selector and e.raw.spec.selector.matchLabels
  return labels ~= nil and labels.provider == "kubernetes"
end

-- Whether the monitor looks into the namespace.
local function in_scope(e, space)
  local selector = e.raw.spec.namespaceSelector
  if selector ~= nil and selector.any == true then return true end
  local names = selector and selector.matchNames
  if names ~= nil and #names > 0 then return has(names, space) end
  -- Its own namespace, which whoever applies it may choose where none is written.
  return e.raw.metadata.namespace == nil or space == pod.namespace(e)
end

return rule {
  id = "K8S-MON-005", title = "Monitoring target does not exist or metrics cross namespaces in clear",
  severity = "low", category = "hygiene",
  version = 2, changes = { "what was not asked of a live cluster is unknown" },
  aliases = { ["dangling-servicemonitor"] = "target" },
  frameworks = { "NIST-800-53r5:CM-6", "PCI-DSS-4.0:2.2.1", "SOC2:CC8.1", "ISO27001-2022:A.8.9" },
  for_each = "prometheus.monitor",
  where = function(e) return match(e.type, "/(?:ServiceMonitor|PodMonitor)$") ~= nil end,
  description = [[A monitor that selects nothing scrapes nothing, and nobody is told that the metrics are gone. In a namespace with
strict mutual TLS a scrape in clear text is refused.]],
  remediation = [[Correct the labels of the selector or the namespaces; scrape with the mesh's certificate or exclude the port.]],
  references = { "https://prometheus-operator.dev/docs/developer/getting-started/" },
  check = function(e)
    local kind, of_pods = "k8s.service", ends(e.type, "/PodMonitor")
    if of_pods then kind = "k8s.workload" end
    local spec, found, seen = e.raw.spec, false, 0
    for _, object in ipairs(graph.all(kind)) do
      if in_scope(e, pod.namespace(object)) then
        seen = seen + 1
        local labels = of_pods and pod.labels(object) or object.tags
        if pod.selects(e, spec.selector, labels) then
          found = true
          break
        end
      end
    end
    if not found then
      local whole = pod.shows_all(e, of_pods and "k8s.workload" or "k8s.service")
      if not whole and elsewhere(e) then unknown("what else its namespaces hold is not in the scan") end
      if seen == 0 and not whole then unknown("no " .. (of_pods and "workload" or "Service")
        .. " of its namespaces is in the scan") end
      return fail("monitor " .. e.name .. " selects no " .. (of_pods and "pods" or "Service"), { case = "target", at = spec.selector })
    end
    return each(spec.endpoints or spec.podMetricsEndpoints or {}, function(endpoint)
      if (endpoint.scheme or "http") == "http" and mesh.strict(pod.namespace(e)) and not of_pods then
        return fail("monitor " .. e.name .. " scrapes in clear text, which the strict mesh of " .. pod.namespace(e) .. " refuses",
          { case = "clear", at = endpoint })
      end
    end)
  end,
  tests = {
    fail = { yaml [[
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: { name: fire }
spec: { selector: { matchLabels: { app: b } }, endpoints: [{ port: http }] }
---
apiVersion: v1
kind: Service
metadata: { name: web, labels: { app: a } }
spec: { type: ClusterIP, selector: { app: web }, ports: [{ name: http, port: 9090 }] }
]] },
    pass = { yaml [[
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: { name: dont-fire }
spec: { selector: { matchLabels: { app: a } }, endpoints: [{ port: http }] }
---
apiVersion: v1
kind: Service
metadata: { name: web, labels: { app: a } }
spec: { type: ClusterIP, selector: { app: web }, ports: [{ name: http, port: 9090 }] }
]] },
    unknown = { yaml [[
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata: { name: a }
spec: { selector: { matchLabels: { app: a } }, endpoints: [{ port: http }] }
]] },
  },
}
