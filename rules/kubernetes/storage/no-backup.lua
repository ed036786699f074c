local pod = lib "pod"
local kube = lib "kube"
local backup = lib "cluster_backup"

return rule {
  id = "K8S-STOR-003", title = "Stateful data has no snapshot schedule",
  severity = "medium", category = "resilience",
  frameworks = { "NIST-800-53r5:CP-9", "SOC2:A1.2", "ISO27001-2022:A.8.13" },
  for_each = { "k8s.workload", "k8s.persistentvolumeclaim" },
  where = function(e)
    if e.kind == "k8s.workload" then return pod.controller(e) == "StatefulSet" and #backup.templates(e) > 0 end
    return kube.production(e)
  end,
  description = [[A volume that nothing copies is lost with its disk, its zone, or a mistake.]],
  remediation = [[Add a Velero Schedule, a snapshot schedule or a job that dumps the data, for the namespace.]],
  references = { "https://velero.io/docs/main/backup-reference/" },
  check = function(e)
    local space = pod.namespace(e)
    if backup.covers(space) then return end
    if not backup.shown() and e.origin ~= "live" then unknown("how " .. space .. " is backed up is not in the scan") end
    return fail("nothing backs up the volumes of " .. e.name .. " in " .. space, { at = e.raw.spec, severity = kube.severity(e) })
  end,
  tests = {
    fail = { yaml [[
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: fire, namespace: shop-prod }
spec:
  replicas: 3
  selector: { matchLabels: { app: fire } }
  template: { metadata: { labels: { app: fire } }, spec: { containers: [{ name: db, image: "postgres:16" }] } }
  volumeClaimTemplates: [{ metadata: { name: data }, spec: { storageClassName: fast, accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } } }]
---
apiVersion: velero.io/v1
kind: Schedule
metadata: { name: other, namespace: velero }
spec: { schedule: "@daily", template: { includedNamespaces: [other] } }
]] },
    pass = { yaml [[
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: dont-fire, namespace: shop-prod }
spec:
  replicas: 3
  selector: { matchLabels: { app: dont-fire } }
  template: { metadata: { labels: { app: dont-fire } }, spec: { containers: [{ name: db, image: "postgres:16" }] } }
  volumeClaimTemplates: [{ metadata: { name: data }, spec: { storageClassName: fast, accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } } }]
---
apiVersion: velero.io/v1
kind: Schedule
metadata: { name: prod, namespace: velero }
spec: { schedule: "@daily", template: { includedNamespaces: [shop-prod] } }
]], yaml [[
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: dont-fire, namespace: shop-prod }
spec:
  replicas: 3
  selector: { matchLabels: { app: dont-fire } }
  template: { metadata: { labels: { app: dont-fire } }, spec: { containers: [{ name: db, image: "postgres:16" }] } }
  volumeClaimTemplates: [{ metadata: { name: data }, spec: { storageClassName: fast, accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } } }]
---
apiVersion: batch/v1
kind: CronJob
metadata: { name: nightly, namespace: shop-prod }
spec: { schedule: "@daily", jobTemplate: { spec: { template: { spec: { containers: [{ name: dump, image: "postgres:16", command: [sh, -c, "pg_dump shop > /backup/a"] }] } } } } }
]] },
    unknown = { yaml [[
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: a, namespace: shop-prod }
spec:
  replicas: 3
  selector: { matchLabels: { app: a } }
  template: { metadata: { labels: { app: a } }, spec: { containers: [{ name: db, image: "postgres:16" }] } }
  volumeClaimTemplates: [{ metadata: { name: data }, spec: { storageClassName: fast, accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } } }]
]] },
  },
}
