local pod = lib "pod"

return rule {
  id = "K8S-POD-042", title = "Update strategy, restart policy or name resolution is unfit for a service",
  severity = "low", category = "resilience",
  aliases = {
    ["no-rolling-update-strategy"] = "strategy", ["restart-policy"] = "restart", ["dnsconfig-options"] = "dns",
  },
  frameworks = { "NIST-800-53r5:CP-10", "SOC2:A1.2", "ISO27001-2022:A.8.14" },
  for_each = "k8s.workload",
  where = function(e) return one_of(pod.controller(e), "Deployment", "StatefulSet", "DaemonSet") end,
  description = [[Recreate and OnDelete interrupt the service at every update, and so does a rolling update that may take all
replicas away at once. Where the parameter `dns_ndots` asks for it, the pods' DNS option ndots is checked too.]],
  remediation = [[Use `RollingUpdate` with `maxUnavailable` below the number of replicas.]],
  references = { "https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#strategy" },
  -- One replica on a volume that only one node can mount is the case Recreate is made for, so it passes with one replica.
  check = function(e)
    local spec, kind, found = e.raw.spec, pod.controller(e), {}
    local strategy = spec.strategy
    if kind ~= "Deployment" then strategy = pod.get(e, spec, "updateStrategy") or spec.strategy end
    local replicas = tonumber(spec.replicas) or 1
    if strategy ~= nil and one_of(strategy.type, "Recreate", "OnDelete") and (replicas > 1 or kind == "DaemonSet") then
      found[1] = fail(e.name .. " is updated by " .. strategy.type .. ", which interrupts it", { case = "strategy", at = strategy })
    end
    local gone = pod.get(e, strategy, "rollingUpdate", "maxUnavailable")
    if kind == "Deployment" and gone ~= nil and replicas > 1
        and (gone == "100%" or (tonumber(gone) and tonumber(gone) >= replicas)) then
      found[#found + 1] = fail("an update of " .. e.name .. " may take away all " .. math.tointeger(replicas) .. " replicas",
        { case = "strategy", at = strategy })
    end
    local restart = pod.get(e, e.pod, "restartPolicy")
    if restart ~= nil and restart ~= "Always" then
      found[#found + 1] = fail(e.name .. " has the restart policy " .. restart, { case = "restart", at = e.pod })
    end
    local ndots = param("dns_ndots", "")
    if ndots ~= "" then
      local value
      for _, option in ipairs(pod.get(e, e.pod, "dnsConfig", "options") or {}) do
        if option.name == "ndots" then value = option.value end
      end
      if tostring(value) ~= tostring(ndots) then
        found[#found + 1] = fail(e.name .. " does not set the DNS option ndots to " .. tostring(ndots), { case = "dns", at = e.pod })
      end
    end
    return found
  end,
  tests = {
    fail = { yaml [[
apiVersion: apps/v1
kind: Deployment
metadata: { name: fire }
spec:
  replicas: 2
  strategy: { type: Recreate }
  selector: { matchLabels: { app: a } }
  template: { metadata: { labels: { app: a } }, spec: { containers: [{ name: app, image: "app:1" }] } }
]] },
    pass = { yaml [[
apiVersion: apps/v1
kind: Deployment
metadata: { name: dont-fire }
spec:
  replicas: 2
  strategy: { type: RollingUpdate, rollingUpdate: { maxUnavailable: 1 } }
  selector: { matchLabels: { app: a } }
  template: { metadata: { labels: { app: a } }, spec: { containers: [{ name: app, image: "app:1" }] } }
]] },
    unknown = { [[
variable "v" {}
resource "kubernetes_deployment" "a" {
  metadata { name = "a" }
  spec {
    replicas = var.v
    template {
      metadata { labels = { app = "a" } }
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
