-- Custom resources whose operators make pods, Services and Secrets that no manifest shows.

local pod = lib "pod"
local operators = {}

local operated = { "prometheus.server", "prometheus.alertmanager", "prometheus.ruler", "grafana.instance", "loki.stack", "jaeger.instance",
  "opentelemetry.collector", "elasticsearch.cluster", "argocd.server", "argo.workflow", "database.postgresql", "database.mongodb",
  "database.cassandra", "database.redis", "database.kafka", "database.rabbitmq", "database.mysql", "database.influxdb", "gateway.gateway" }

-- A custom resource of the namespace that an operator makes pods of: one of those kinds, or one that says how many or from what.
function operators.any(namespace)
  for _, kind in ipairs(operated) do
    local first = pod.inside(kind, namespace)[1]
    if first then return first end
  end
  for _, object in ipairs(pod.inside("k8s.object", namespace)) do
    local spec = object.raw.spec
    if match(object.type, "^[a-z0-9-]+\\.[a-z0-9.-]+/") and not match(object.type, "\\.k8s\\.io/") and spec ~= nil
        and (spec.replicas ~= nil or spec.image ~= nil or spec.template ~= nil) then
      return object
    end
  end
end

return operators
