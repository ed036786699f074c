local component = lib "component"
local pod = lib "pod"

return rule {
  id = "K8S-ETCD-003", title = "Self-managed etcd has no backup",
  severity = "medium", category = "resilience",
  frameworks = { "NIST-800-53r5:CP-9", "SOC2:A1.2", "ISO27001-2022:A.8.13" },
  for_each = { "k8s.workload", "kubeadm.configuration" },
  where = function(e) return component.concerns(e, "etcd") end,
  description = [[etcd holds the whole state of a self-managed cluster; without snapshots the loss of its quorum is the loss of the
cluster. Managed control planes are not seen here and not judged.]],
  remediation = [[Run `etcdctl snapshot save` (or `etcdutl`) on a schedule and keep the file outside the cluster.]],
  references = { "https://kubernetes.io/docs/tasks/administer-cluster/configure-upgrade-etcd/#backing-up-an-etcd-cluster" },
  check = function(e)
    for _, workload in ipairs(graph.all("k8s.workload")) do
      if pod.is_job(workload) or pod.controller(workload) == "Deployment" then
        for _, c in ipairs(pod.containers(workload)) do
          for _, field in ipairs { "command", "args" } do
            for _, word in ipairs(pod.get(workload, c.at, field) or {}) do
              if match(tostring(word), "snapshot\\s+save|etcd-?backup|etcdbr") then return end
            end
          end
          local image = c.at.image
          if image ~= nil and match(image, "etcd-?backup|etcdbrctl|etcd-backup-restore") then return end
        end
      end
    end
    -- A schedule of the node itself (cron, systemd, the installer) is not among the manifests.
    if e.origin ~= "live" then
      local jobs = false
      for _, workload in ipairs(graph.all("k8s.workload")) do jobs = jobs or pod.is_job(workload) end
      if not jobs then unknown("no job is among the manifests; etcd may be backed up by the nodes") end
    end
    return fail("no job takes snapshots of etcd, which " .. e.name .. " runs", { at = e.raw })
  end,
  tests = {
    fail = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: fire, namespace: kube-system }
spec:
  containers:
    - name: etcd
      image: registry.k8s.io/etcd:3.5.15-0
      command: [etcd]
---
apiVersion: batch/v1
kind: CronJob
metadata: { name: tidy, namespace: kube-system }
spec:
  schedule: "@daily"
  jobTemplate: { spec: { template: { spec: { containers: [{ name: tidy, image: "tidy:1", command: [tidy] }] } } } }
]] },
    pass = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: dont-fire, namespace: kube-system }
spec:
  containers:
    - name: etcd
      image: registry.k8s.io/etcd:3.5.15-0
      command: [etcd]
---
apiVersion: batch/v1
kind: CronJob
metadata: { name: snapshot, namespace: kube-system }
spec:
  schedule: "@hourly"
  jobTemplate:
    spec:
      template:
        spec:
          containers: [{ name: save, image: "registry.k8s.io/etcd:3.5.15-0", command: [/bin/sh, -c, "etcdctl snapshot save /backup/db"] }]
]] },
    unknown = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: a, namespace: kube-system }
spec:
  containers:
    - name: etcd
      image: registry.k8s.io/etcd:3.5.15-0
      command: [etcd]
]] },
  },
}
