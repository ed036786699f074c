local pod = lib "pod"

return rule {
  id = "K8S-POD-043", title = "Job leaves finished pods behind or has no deadline",
  severity = "low", category = "hygiene",
  aliases = { "job-ttl-seconds-after-finished" },
  frameworks = { "NIST-800-53r5:CM-6", "PCI-DSS-4.0:2.2.1", "SOC2:CC8.1", "ISO27001-2022:A.8.9" },
  for_each = "k8s.workload",
  where = pod.is_job,
  description = [[A job without a deadline may hang for ever, and finished jobs with their pods stay until someone deletes them. A
CronJob keeps only a few by itself (three good, one failed); its jobs need a deadline all the same, or overlapping runs pile up.]],
  remediation = [[Set `activeDeadlineSeconds`, and `ttlSecondsAfterFinished` on jobs of their own; `concurrencyPolicy: Forbid` on
CronJobs.]],
  references = { "https://kubernetes.io/docs/concepts/workloads/controllers/ttlafterfinished/" },
  -- A job that a CronJob or Helm's hook policy deletes needs no time to live of its own.
  check = function(e)
    local cron = pod.controller(e) == "CronJob"
    local job = cron and pod.get(e, e.raw.spec, "jobTemplate", "spec") or e.raw.spec
    local found = {}
    local deadline = pod.get(e, job, "activeDeadlineSeconds") or pod.get(e, e.pod, "activeDeadlineSeconds")
    local annotations = e.raw.metadata.annotations or {}
    local hook = annotations["helm.sh/hook-delete-policy"] or annotations["argocd.argoproj.io/hook-delete-policy"]
    if not cron and pod.get(e, job, "ttlSecondsAfterFinished") == nil and hook == nil then
      found[1] = fail("job " .. e.name .. " and its pods stay after it has finished (no ttlSecondsAfterFinished)", { at = job })
    end
    if deadline == nil then
      found[#found + 1] = fail(e.name .. " may run for ever (no activeDeadlineSeconds)", { at = job })
    end
    return found
  end,
  tests = {
    fail = { yaml [[
apiVersion: batch/v1
kind: Job
metadata: { name: fire }
spec: { template: { spec: { restartPolicy: Never, containers: [{ name: app, image: "app:1" }] } } }
]] },
    pass = { yaml [[
apiVersion: batch/v1
kind: Job
metadata: { name: dont-fire }
spec:
  ttlSecondsAfterFinished: 3600
  activeDeadlineSeconds: 600
  template: { spec: { restartPolicy: Never, containers: [{ name: app, image: "app:1" }] } }
]] },
    unknown = { [[
variable "v" {}
resource "kubernetes_job" "a" {
  metadata { name = "a" }
  spec {
    ttl_seconds_after_finished = var.v
    template {
      metadata {}
      spec {
        container {
          name  = "app"
          image = "app:1"
        }
      }
    }
  }
}]] },
  },
}
