local pod = lib "pod"
local probes = lib "probes"

return rule {
  id = "K8S-POD-033", title = "Readiness probe is missing or aims at a closed port",
  severity = "medium", category = "resilience",
  version = 2, changes = { "a probe that a plan writes as an empty list is none" },
  aliases = { CKV_K8S_9 = "missing", ["no-readiness-probe"] = "missing", ["readiness-port"] = "port" },
  frameworks = { "NIST-800-53r5:CP-10", "SOC2:A1.2", "ISO27001-2022:A.8.14" },
  for_each = "k8s.workload",
  where = pod.is_service,
  description = [[Without a readiness probe a Service sends requests to a pod that is still starting or no longer able to answer.
Where no Service of the scan selects the pod, the severity is low.]],
  remediation = [[Give each container of a service a `readinessProbe` on one of its ports.]],
  references = { "https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/" },
  check = function(e)
    local severity = not pod.is_served(e) and "low" or nil
    return pod.each(e, function(c)
      local probe = pod.block(e, c, "readinessProbe")
      if probe == nil then
        return fail(c.label .. " has no readinessProbe", { case = "missing", at = c.at, severity = severity })
      end
      local port = probes.closed(c, probe)
      if port then
        return fail("the readinessProbe of " .. c.label .. " asks port " .. port .. ", which the container does not declare",
          { case = "port", at = probe })
      end
    end, "containers")
  end,
  tests = {
    fail = { files { ["plan.json"] = [[
{ "format_version": "1.2", "terraform_version": "1.9.0", "resource_changes": [ { "address": "kubernetes_pod_v1.fire",
  "mode": "managed", "type": "kubernetes_pod_v1", "name": "fire", "provider_name": "registry.terraform.io/hashicorp/kubernetes",
  "change": { "actions": ["create"], "before": null, "after": { "metadata": [ { "name": "fire" } ],
    "spec": [ { "container": [ { "name": "app", "image": "app:1", "readiness_probe": [] } ] } ] }, "after_unknown": {} } } ],
  "planned_values": { "root_module": {} }, "configuration": { "root_module": {} } }
]] }, yaml [[
apiVersion: v1
kind: Pod
metadata: { name: fire }
spec: { containers: [{ name: app, image: "app:1" }] }
]] },
    pass = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: dont-fire }
spec:
  containers: [{ name: app, image: "app:1", ports: [{ containerPort: 80 }], readinessProbe: { tcpSocket: { port: 80 } } }]
]] },
    unknown = { [[
variable "v" {}
resource "kubernetes_pod" "a" {
  metadata { name = "a" }
  spec {
    container {
      name  = "app"
      image = "app:1"
      readiness_probe {
        http_get { port = var.v }
      }
      port { container_port = 80 }
    }
  }
}]] },
  },
}
