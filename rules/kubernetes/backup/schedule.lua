local pod = lib "pod"
local backup = lib "cluster_backup"
local component = lib "component"

local function keeps_data(namespace)
  if #pod.inside("k8s.persistentvolumeclaim", namespace) > 0 then return true end
  for _, workload in ipairs(pod.inside("k8s.workload", namespace)) do
    if #backup.templates(workload) > 0 then return true end
  end
  return false
end

-- Whether another schedule stands beside: a weekly one that keeps long, an hourly one that keeps short.
local function accompanied()
  return #graph.all("velero.schedule") > 1
end

return rule {
  id = "K8S-BKP-001", title = "Cluster has no Velero schedule that covers every stateful namespace",
  severity = "medium", category = "resilience",
  frameworks = { "NIST-800-53r5:CP-9", "SOC2:A1.2", "ISO27001-2022:A.8.13" },
  for_each = { "velero.schedule", "k8s.namespace" },
  where = function(e)
    if e.kind == "velero.schedule" then return true end
    return #graph.all("velero.schedule") > 0 and not match(e.name, "^kube-") and keeps_data(e.name)
  end,
  description = [[What no schedule takes cannot be restored. In production a backup older than a day, or one that is kept for less than
a week, does not bring back what a slow mistake destroyed; the parameters `backup_max_interval_hours` (24) and
`backup_min_ttl_hours` (168) say how much.]],
  remediation = [[Add the namespace to a Schedule that is not paused, runs daily and keeps its backups for weeks.]],
  references = { "https://velero.io/docs/main/api-types/schedule/" },
  check = function(e)
    if e.kind == "k8s.namespace" then
      if backup.covers(e.name) then return end
      return fail("no Velero schedule takes namespace " .. e.name .. ", which keeps data in volumes", { at = e.raw.metadata })
    end
    local found, limit = {}, param("backup_max_interval_hours", 24)
    if e.paused then
      found[1] = fail("schedule " .. e.name .. " is paused", { at = "paused" })
    end
    local interval = backup.interval(e.cron)
    if interval and interval > limit * 3600 and not accompanied() then
      found[#found + 1] = fail("schedule " .. e.name .. " (" .. e.cron .. ") runs less often than every " .. math.tointeger(limit)
        .. " hours", { at = "cron" })
    end
    local ttl, least = component.seconds(e.ttl), param("backup_min_ttl_hours", 168)
    if ttl and ttl > 0 and ttl < least * 3600 and not accompanied() then
      found[#found + 1] = fail("backups of schedule " .. e.name .. " are kept " .. e.ttl .. ", less than " .. math.tointeger(least)
        .. " hours", { at = "ttl" })
    end
    return found
  end,
  tests = {
    fail = { yaml [[
apiVersion: velero.io/v1
kind: Schedule
metadata: { name: fire, namespace: velero }
spec: { schedule: "0 3 * * 0", template: { ttl: 720h } }
]], yaml [[
apiVersion: velero.io/v1
kind: Schedule
metadata: { name: fire, namespace: velero }
spec: { schedule: "@daily", template: { ttl: 24h } }
]], yaml [[
apiVersion: v1
kind: Namespace
metadata: { name: fire }
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db, namespace: fire }
spec:
  replicas: 3
  selector: { matchLabels: { app: db } }
  template: { metadata: { labels: { app: db } }, spec: { containers: [{ name: db, image: "postgres:16" }] } }
  volumeClaimTemplates: [{ metadata: { name: data }, spec: { storageClassName: fast, accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } } }]
---
apiVersion: velero.io/v1
kind: Schedule
metadata: { name: other, namespace: velero }
spec: { schedule: "@daily", template: { includedNamespaces: [other] } }
]] },
    pass = { yaml [[
apiVersion: velero.io/v1
kind: Schedule
metadata: { name: dont-fire, namespace: velero }
spec: { schedule: "0 3 * * *", template: { ttl: 720h } }
]], yaml [[
apiVersion: velero.io/v1
kind: Schedule
metadata: { name: dont-fire, namespace: velero }
spec: { schedule: "@daily", template: { includedNamespaces: ["*"] } }
]] },
    unknown = { [[
variable "v" {}
resource "kubernetes_manifest" "a" {
  manifest = {
    apiVersion = "velero.io/v1"
    kind       = "Schedule"
    metadata   = { name = "a" }
    spec       = { schedule = var.v }
  }
}]] },
  },
}
