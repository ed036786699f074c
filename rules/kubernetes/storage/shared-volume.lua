local pod = lib "pod"

local function application(workload)
  local labels = pod.labels(workload)
  return labels["app.kubernetes.io/part-of"] or labels["app.kubernetes.io/instance"] or labels["app.kubernetes.io/name"] or labels.app
    or labels["k8s-app"] or workload.name
end

-- Whether a container mounts the claim without readOnly.
local function writes(workload, claim)
  local volumes = {}
  for _, volume in ipairs(pod.get(workload, workload.pod, "volumes") or {}) do
    local source = pod.get(workload, volume, "persistentVolumeClaim")
    if source ~= nil and pod.get(workload, source, "claimName") == claim and pod.get(workload, source, "readOnly") ~= true then
      volumes[volume.name] = true
    end
  end
  if pod.first_key(volumes) == nil then return false end
  for _, c in ipairs(pod.containers(workload)) do
    for _, mount in ipairs(pod.get(workload, c.at, "volumeMounts") or {}) do
      if volumes[mount.name] and pod.get(workload, mount, "readOnly") ~= true then return true end
    end
  end
  return false
end

return rule {
  id = "K8S-STOR-004", title = "Volume is shared for writing by unrelated workloads",
  severity = "medium", category = "network",
  frameworks = { "NIST-800-53r5:SC-7", "PCI-DSS-4.0:6.5.3", "SOC2:CC6.6", "ISO27001-2022:A.8.31" },
  for_each = "k8s.persistentvolumeclaim",
  description = [[Whoever controls one of the applications changes the files that the other runs or trusts.]],
  remediation = [[Give each application its own claim, or mount the shared one read-only everywhere but in its owner.]],
  references = { "https://kubernetes.io/docs/concepts/storage/persistent-volumes/#access-modes" },
  check = function(e)
    if not has(pod.get(e, e.raw.spec, "accessModes") or {}, "ReadWriteMany") then return end
    local names, shown, n = {}, {}, 0
    for _, workload in ipairs(pod.neighbours(e, "k8s.workload")) do
      if writes(workload, e.name) then
        local name = application(workload)
        if not names[name] then
          names[name], n = true, n + 1
          shown[n] = workload.name
        end
      end
    end
    if n > 1 then
      return fail("claim " .. e.name .. " is mounted for writing by " .. table.concat(shown, " and "), { at = e.raw.spec })
    end
  end,
  tests = {
    fail = { yaml [[
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: fire }
spec: { accessModes: [ReadWriteMany], resources: { requests: { storage: 1Gi } } }
---
apiVersion: v1
kind: Pod
metadata: { name: a, labels: { app: a } }
spec:
  containers: [{ name: app, image: "app:1", volumeMounts: [{ name: v, mountPath: /data }] }]
  volumes: [{ name: v, persistentVolumeClaim: { claimName: fire } }]
---
apiVersion: v1
kind: Pod
metadata: { name: b, labels: { app: b } }
spec:
  containers: [{ name: app, image: "app:1", volumeMounts: [{ name: v, mountPath: /data }] }]
  volumes: [{ name: v, persistentVolumeClaim: { claimName: fire } }]
]] },
    pass = { yaml [[
apiVersion: v1
kind: PersistentVolumeClaim
metadata: { name: dont-fire }
spec: { accessModes: [ReadWriteMany], resources: { requests: { storage: 1Gi } } }
---
apiVersion: v1
kind: Pod
metadata: { name: a, labels: { app: a } }
spec:
  containers: [{ name: app, image: "app:1", volumeMounts: [{ name: v, mountPath: /data }] }]
  volumes: [{ name: v, persistentVolumeClaim: { claimName: dont-fire } }]
---
apiVersion: v1
kind: Pod
metadata: { name: b, labels: { app: b } }
spec:
  containers: [{ name: app, image: "app:1", volumeMounts: [{ name: v, mountPath: /data, readOnly: true }] }]
  volumes: [{ name: v, persistentVolumeClaim: { claimName: dont-fire } }]
]] },
    unknown = { [[
variable "modes" {}
resource "kubernetes_persistent_volume_claim" "a" {
  metadata { name = "a" }
  spec { access_modes = var.modes }
}
]] },
  },
}
