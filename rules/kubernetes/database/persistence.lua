local pod = lib "pod"
local kube = lib "kube"
local database = lib "database"
local backup = lib "cluster_backup"

-- Fields of a volume that keep nothing: every other source is a disk or a share.
local transient = { name = true, emptyDir = true, configMap = true, secret = true, downwardAPI = true, projected = true, image = true,
  empty_dir = true, config_map = true, downward_api = true }

-- Whether the data outlives the pod; second, where it lies if not. Caches (Redis without --appendonly, Memcached) keep nothing.
local function keeps(e, c)
  if #backup.templates(e) > 0 then return true end
  local scratch = "the container"
  for _, volume in ipairs(pod.get(e, e.pod, "volumes") or {}) do
    for _, source in ipairs(keys(volume)) do
      if not transient[source] then return true end
    end
    if pod.get(e, volume, "emptyDir") ~= nil then
      for _, mount in ipairs(pod.get(e, c.at, "volumeMounts") or {}) do
        if mount.name == volume.name
          and match(tostring(pod.get(e, mount, "mountPath")), "(?i)data|/var/lib") then scratch = "an emptyDir" end
      end
    end
  end
  return false, scratch
end

return rule {
  id = "K8S-DB-003", title = "Self-hosted database has no persistence, backup or spread",
  severity = "medium", category = "resilience",
  version = 2, changes = { "an unknown setting hides no other failure" },
  frameworks = { "NIST-800-53r5:CP-9", "SOC2:A1.2", "ISO27001-2022:A.8.13" },
  for_each = { "k8s.workload", "database.postgresql" },
  where = function(e)
    if e.kind ~= "k8s.workload" then return true end
    if pod.is_job(e) then return false end
    local product, c = database.of(e)
    if product == nil or product == "memcached" then return false end
    if product == "redis" then return match(table.concat(kube.words(c), " "), "appendonly[ =]yes|--save[ =]\\d") ~= nil end
    return true
  end,
  description = [[What lies in an emptyDir or in the container goes with the pod; one replica is down with its node; data without a
backup does not come back.]],
  remediation = [[Use a volumeClaimTemplate, at least two replicas in production, and a backup of the namespace.]],
  references = { "https://kubernetes.io/docs/concepts/workloads/controllers/statefulset/" },
  check = function(e)
    local found = {}
    if e.kind == "database.postgresql" then
      if kube.production(e) and e.instances and e.instances < 2 then
        found[1] = fail("PostgreSQL " .. e.name .. " has one instance in production", { case = "spread", at = "instances" })
      end
      if starts(e.type, "postgresql.cnpg.io/") and e.raw.spec.backup == nil and not backup.covers(pod.namespace(e)) then
        found[#found + 1] = fail("PostgreSQL " .. e.name .. " has no backup",
          { case = "backup", at = e.raw.spec, severity = kube.severity(e) })
      end
      return found
    end
    local product, c = database.of(e)
    -- Whether a volume is backed up is judged once, by K8S-STOR-003.
    return each({ "persistence", "spread" }, function(case)
      if case == "persistence" then
        local kept, how = keeps(e, c)
        if kept then return end
        return fail(e.name .. " keeps the data of " .. product .. " in " .. how .. ": it goes with the pod",
          { case = case, at = e.pod, severity = kube.severity(e) })
      end
      if kube.production(e) and one_of(pod.controller(e), "StatefulSet", "Deployment")
        and (tonumber(e.raw.spec.replicas or 1) or 1) < 2 then
        return fail(e.name .. " is one " .. product .. " without a second in production", { case = case, at = e.raw.spec })
      end
    end)
  end,
  tests = {
    fail = { yaml [[
apiVersion: apps/v1
kind: Deployment
metadata: { name: fire }
spec:
  selector: { matchLabels: { app: fire } }
  template:
    metadata: { labels: { app: fire } }
    spec:
      containers:
        - { name: app, image: "postgres:16" }
]], yaml [[
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: fire, namespace: shop-prod }
spec:
  volumeClaimTemplates: [{ metadata: { name: d }, spec: {} }]
  selector: { matchLabels: { app: fire } }
  template:
    metadata: { labels: { app: fire } }
    spec:
      containers:
        - { name: app, image: "postgres:16" }
]], yaml [[
apiVersion: postgresql.cnpg.io/v1
kind: Cluster
metadata: { name: fire }
spec: { instances: 3 }
]] },
    pass = { yaml [[
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: dont-fire, namespace: shop-prod }
spec:
  replicas: 3
  volumeClaimTemplates: [{ metadata: { name: d }, spec: {} }]
  selector: { matchLabels: { app: dont-fire } }
  template:
    metadata: { labels: { app: dont-fire } }
    spec:
      containers:
        - { name: app, image: "postgres:16" }
]], yaml [[
apiVersion: postgresql.cnpg.io/v1
kind: Cluster
metadata: { name: dont-fire }
spec: { instances: 3, backup: { barmanObjectStore: { destinationPath: "s3://b" } } }
]] },
    unknown = { [[
variable "replicas" { type = number }
resource "kubernetes_stateful_set" "a" {
  metadata {
    name      = "postgres"
    namespace = "shop-prod"
  }
  spec {
    replicas     = var.replicas
    service_name = "postgres"
    selector { match_labels = { app = "postgres" } }
    template {
      metadata { labels = { app = "postgres" } }
      spec {
        container {
          name  = "postgres"
          image = "postgres:17"
        }
      }
    }
    volume_claim_template {
      metadata { name = "data" }
      spec {
        access_modes = ["ReadWriteOnce"]
        resources { requests = { storage = "10Gi" } }
      }
    }
  }
}]] },
  },
}
