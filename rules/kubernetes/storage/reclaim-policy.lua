local pod = lib "pod"
local kube = lib "kube"
local backup = lib "cluster_backup"

-- StatefulSets of production that claim volumes of the class, or the volume itself.
local function users(e)
  local found = {}
  for _, workload in ipairs(graph.all("k8s.workload")) do
    if pod.controller(workload) == "StatefulSet" and kube.production(workload) then
      for _, template in ipairs(backup.templates(workload)) do
        local spec = template.spec
        local class = pod.get(workload, spec, "storageClassName")
        if (e.kind == "k8s.storageclass" and class == e.name)
            or (e.kind == "k8s.persistentvolume" and pod.get(workload, spec, "volumeName") == e.name) then
          found[#found + 1] = workload
          break
        end
      end
    end
  end
  return found
end

return rule {
  id = "K8S-STOR-002", title = "Volume data vanishes with its claim",
  severity = "medium", category = "resilience",
  frameworks = { "NIST-800-53r5:CP-9", "SOC2:A1.2", "ISO27001-2022:A.8.13" },
  for_each = { "k8s.storageclass", "k8s.persistentvolume" },
  description = [[With the policy Delete the disk goes with its claim: one wrong `kubectl delete` and the data of a production database
is gone, where nothing else keeps a copy.]],
  remediation = [[Set `reclaimPolicy: Retain` for classes of production data, or back the claims up.]],
  references = { "https://kubernetes.io/docs/concepts/storage/storage-classes/#reclaim-policy" },
  check = function(e)
    if e.reclaim ~= "Delete" then return end
    return each(users(e), function(workload)
      local space = pod.namespace(workload)
      if backup.covers(space) then return end
      if not backup.shown() and e.origin ~= "live" then
        unknown("how " .. space .. " is backed up is not in the scan")
      end
      return fail("data of " .. workload.name .. " in " .. space .. " vanishes with its claim: " .. e.name
        .. " has the reclaim policy Delete, and nothing backs it up",
        { at = "reclaim", evidence = { { workload, "uses it" } } })
    end)
  end,
  fix = set("reclaim", "Retain"),
  tests = {
    fail = { yaml [[
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: { name: fire }
provisioner: ebs.csi.aws.com
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db, namespace: shop-prod }
spec:
  replicas: 3
  selector: { matchLabels: { app: db } }
  template: { metadata: { labels: { app: db } }, spec: { containers: [{ name: db, image: "postgres:16" }] } }
  volumeClaimTemplates: [{ metadata: { name: data }, spec: { storageClassName: fire, accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } } }]
---
apiVersion: velero.io/v1
kind: Schedule
metadata: { name: other, namespace: velero }
spec: { schedule: "@daily", template: { includedNamespaces: [other] } }
]] },
    pass = { yaml [[
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: { name: dont-fire }
provisioner: ebs.csi.aws.com
reclaimPolicy: Retain
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db, namespace: shop-prod }
spec:
  replicas: 3
  selector: { matchLabels: { app: db } }
  template: { metadata: { labels: { app: db } }, spec: { containers: [{ name: db, image: "postgres:16" }] } }
  volumeClaimTemplates: [{ metadata: { name: data }, spec: { storageClassName: dont-fire, accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } } }]
]], yaml [[
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: { name: dont-fire }
provisioner: ebs.csi.aws.com
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db, namespace: shop-prod }
spec:
  replicas: 3
  selector: { matchLabels: { app: db } }
  template: { metadata: { labels: { app: db } }, spec: { containers: [{ name: db, image: "postgres:16" }] } }
  volumeClaimTemplates: [{ metadata: { name: data }, spec: { storageClassName: dont-fire, accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } } }]
---
apiVersion: velero.io/v1
kind: Schedule
metadata: { name: all, namespace: velero }
spec: { schedule: "@daily", template: { ttl: 720h } }
]] },
    unknown = { yaml [[
apiVersion: storage.k8s.io/v1
kind: StorageClass
metadata: { name: a }
provisioner: ebs.csi.aws.com
---
apiVersion: apps/v1
kind: StatefulSet
metadata: { name: db, namespace: shop-prod }
spec:
  replicas: 3
  selector: { matchLabels: { app: db } }
  template: { metadata: { labels: { app: db } }, spec: { containers: [{ name: db, image: "postgres:16" }] } }
  volumeClaimTemplates: [{ metadata: { name: data }, spec: { storageClassName: a, accessModes: [ReadWriteOnce], resources: { requests: { storage: 1Gi } } } }]
]] },
  },
}
