local pod = lib "pod"
local probes = lib "probes"

return rule {
  id = "K8S-POD-032", title = "Liveness probe is missing or aims at a closed port",
  severity = "low", category = "resilience",
  version = 2, changes = { "a probe that a plan writes as an empty list is none" },
  aliases = {
    CKV_K8S_8 = "missing", ["no-liveness-probe"] = "missing", ["liveness-port"] = "liveness-port", ["startup-port"] = "startup-port",
  },
  frameworks = { "NIST-800-53r5:CP-10", "SOC2:A1.2", "ISO27001-2022:A.8.14" },
  for_each = "k8s.workload",
  where = pod.is_service,
  description = [[A liveness probe lets the kubelet restart a program that hangs. A probe that asks a port nobody listens on
restarts it for ever.]],
  remediation = [[Give each container of a service a `livenessProbe` on one of its ports.]],
  references = { "https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/" },
  check = function(e)
    return pod.each(e, function(c)
      local found = {}
      local live, start = pod.block(e, c, "livenessProbe"), pod.block(e, c, "startupProbe")
      if live == nil then
        found[1] = fail(c.label .. " has no livenessProbe", { case = "missing", at = c.at })
      else
        local port = probes.closed(c, live)
        if port then
          found[1] = fail("the livenessProbe of " .. c.label .. " asks port " .. port .. ", which the container does not declare",
            { case = "liveness-port", at = live })
        end
      end
      local port = start ~= nil and probes.closed(c, start)
      if port then
        found[#found + 1] = fail("the startupProbe of " .. c.label .. " asks port " .. port .. ", which the container does not declare",
          { case = "startup-port", at = start })
      end
      return found
    end, "containers")
  end,
  tests = {
    fail = { files { ["plan.json"] = [[
{ "format_version": "1.2", "terraform_version": "1.9.0", "resource_changes": [ { "address": "kubernetes_pod_v1.fire",
  "mode": "managed", "type": "kubernetes_pod_v1", "name": "fire", "provider_name": "registry.terraform.io/hashicorp/kubernetes",
  "change": { "actions": ["create"], "before": null, "after": { "metadata": [ { "name": "fire" } ],
    "spec": [ { "container": [ { "name": "app", "image": "app:1", "liveness_probe": [] } ] } ] }, "after_unknown": {} } } ],
  "planned_values": { "root_module": {} }, "configuration": { "root_module": {} } }
]] }, yaml [[
apiVersion: v1
kind: Pod
metadata: { name: fire }
spec: { containers: [{ name: app, image: "app:1" }] }
]], yaml [[
apiVersion: v1
kind: Pod
metadata: { name: fire }
spec:
  containers:
    - { name: app, image: "app:1", ports: [{ name: http, containerPort: 80 }], livenessProbe: { httpGet: { path: /, port: htttp } } }
]] },
    pass = { yaml [[
apiVersion: v1
kind: Pod
metadata: { name: dont-fire }
spec:
  containers:
    - { name: app, image: "app:1", ports: [{ name: http, containerPort: 80 }], livenessProbe: { httpGet: { path: /, port: http } } }
]] },
    unknown = { [[
variable "v" {}
resource "kubernetes_pod" "a" {
  metadata { name = "a" }
  spec {
    container {
      name  = "app"
      image = "app:1"
      liveness_probe {
        http_get { port = var.v }
      }
      port { container_port = 80 }
    }
  }
}]] },
  },
}
